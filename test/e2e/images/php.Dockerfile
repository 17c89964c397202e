# Stands in for php:8.2-apache-bookworm: PHP made from Debian's source where the real image has it, with its programs for extensions.
FROM debian:bookworm-slim
ENV PHPIZE_DEPS="autoconf dpkg-dev file g++ gcc libc-dev make pkg-config re2c"
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/*.sources 2>/dev/null || sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >/etc/apt/sources.list.d/source.list; \
    apt-get update && apt-get install -y --no-install-recommends $PHPIZE_DEPS apache2 ca-certificates curl xz-utils \
    && rm -rf /var/lib/apt/lists/*
ENV PHP_INI_DIR=/usr/local/etc/php
RUN apt-get update \
    && made="apache2-dev libcurl4-openssl-dev libonig-dev libreadline-dev libsodium-dev libsqlite3-dev libssl-dev libxml2-dev zlib1g-dev" \
    && apt-get install -y --no-install-recommends $made libcurl4 libonig5 libreadline8 libsodium23 libsqlite3-0 libssl3 libxml2 zlib1g \
    && mkdir -p /usr/src/php "$PHP_INI_DIR/conf.d" && cd /usr/src && apt-get source --download-only php8.2 \
    && tar -xf php8.2_*.orig.tar.xz -C php --strip-components=1 && rm php8.2_* && cd php \
    && ./configure --prefix=/usr/local --with-config-file-path="$PHP_INI_DIR" --with-config-file-scan-dir="$PHP_INI_DIR/conf.d" \
        --with-apxs2=/usr/bin/apxs2 --enable-fpm --with-fpm-user=www-data --with-fpm-group=www-data --disable-cgi --disable-phpdbg \
        --enable-mbstring --enable-mysqlnd --with-curl --with-openssl --with-readline --with-sodium --with-zlib CFLAGS=-O1 \
    && make -j"$(nproc)" && make install && cp php.ini-production php.ini-development "$PHP_INI_DIR/" && make clean \
    && apt-get purge -y --auto-remove $made && rm -rf /var/lib/apt/lists/*
COPY --chmod=755 <<'SCRIPT' /usr/local/bin/docker-php-ext-configure
#!/bin/sh
set -e
cd "/usr/src/php/ext/$1"
shift
phpize
./configure "$@"
SCRIPT
COPY --chmod=755 <<'SCRIPT' /usr/local/bin/docker-php-ext-enable
#!/bin/sh
set -e
for name; do echo "extension=$name" >"$PHP_INI_DIR/conf.d/docker-php-ext-$name.ini"; done
SCRIPT
COPY --chmod=755 <<'SCRIPT' /usr/local/bin/docker-php-ext-install
#!/bin/sh
set -e
jobs=1
for name; do
  case $name in
    -j*) jobs=${name#-j} ;;
    *)
      [ -f "/usr/src/php/ext/$name/Makefile" ] || docker-php-ext-configure "$name"
      make -C "/usr/src/php/ext/$name" -j"$jobs"
      make -C "/usr/src/php/ext/$name" install
      docker-php-ext-enable "$name"
      make -C "/usr/src/php/ext/$name" clean
      ;;
  esac
done
SCRIPT
RUN a2dismod mpm_event && a2enmod mpm_prefork \
    && printf '<FilesMatch \\.php$>\n  SetHandler application/x-httpd-php\n</FilesMatch>\nDirectoryIndex index.php index.html\n<Directory /var/www/>\n  AllowOverride All\n</Directory>\n' >/etc/apache2/conf-available/docker-php.conf \
    && a2enconf docker-php && rm -f /var/www/html/index.html && chown www-data:www-data /var/www/html \
    && ln -sf /dev/stdout /var/log/apache2/access.log && ln -sf /dev/stderr /var/log/apache2/error.log \
    && printf '#!/bin/sh\nset -e\n. /etc/apache2/envvars\nmkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR"\nrm -f "$APACHE_PIDFILE"\nexec apache2 -DFOREGROUND "$@"\n' >/usr/local/bin/apache2-foreground \
    && printf '#!/bin/sh\nset -e\n[ "${1#-}" = "$1" ] || set -- apache2-foreground "$@"\nexec "$@"\n' >/usr/local/bin/docker-php-entrypoint \
    && chmod +x /usr/local/bin/apache2-foreground /usr/local/bin/docker-php-entrypoint
ENV APACHE_CONFDIR=/etc/apache2 APACHE_ENVVARS=/etc/apache2/envvars
STOPSIGNAL SIGWINCH
WORKDIR /var/www/html
EXPOSE 80
ENTRYPOINT ["docker-php-entrypoint"]
CMD ["apache2-foreground"]
