# Stands in for Gradle's image: Debian's Gradle, which reads what both know.
FROM eclipse-temurin:17
RUN apt-get update && apt-get install -y --no-install-recommends gradle && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home gradle
CMD ["gradle"]
