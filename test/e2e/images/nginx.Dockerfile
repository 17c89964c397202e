# Stands in for nginx on Alpine, whose busybox has a wget.
FROM nginx:stable
RUN apt-get update && apt-get install -y --no-install-recommends wget && rm -rf /var/lib/apt/lists/*
