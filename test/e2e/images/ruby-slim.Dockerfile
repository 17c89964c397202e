# Stands in for ruby:3.1-slim-bookworm, as ruby.Dockerfile does for the full one.
FROM debian:bookworm-slim
ENV LANG=C.UTF-8 GEM_HOME=/usr/local/bundle BUNDLE_APP_CONFIG=/usr/local/bundle BUNDLE_SILENCE_ROOT_WARNING=1
ENV PATH=$GEM_HOME/bin:$PATH
RUN apt-get update && apt-get install -y --no-install-recommends ruby bundler && rm -rf /var/lib/apt/lists/*
CMD ["irb"]
