# Stands in for Composer's image: Debian's Composer with its libraries in one file.
FROM php:8.2-apache-bookworm AS made
RUN apt-get update && apt-get install -y --no-install-recommends composer && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /tmp/tree/bin /tmp/tree/share && cp -rL /usr/share/php /tmp/tree/share/ && cp /usr/bin/composer /tmp/tree/bin/ \
    && php -d phar.readonly=0 -r '$phar = new Phar("/tmp/composer.phar"); $phar->buildFromDirectory("/tmp/tree"); \
        $phar->setStub("#!/usr/bin/env php\n<?php Phar::mapPhar(\"composer.phar\"); set_include_path(\"phar://composer.phar/share/php\"); require \"phar://composer.phar/bin/composer\"; __HALT_COMPILER();");' \
    && chmod 755 /tmp/composer.phar && mv /tmp/composer.phar /tmp/composer
FROM scratch
COPY --from=made /tmp/composer /usr/bin/composer
