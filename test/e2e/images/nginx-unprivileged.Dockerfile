# Stands in for nginx that never was root: what it writes lies in /tmp.
FROM nginx:stable
RUN apt-get update && apt-get install -y --no-install-recommends wget && rm -rf /var/lib/apt/lists/* \
    && sed -i '/^user /d; s,^pid .*,pid /tmp/nginx.pid;,' /etc/nginx/nginx.conf \
    && for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path /tmp/$kind;"; done >/etc/nginx/conf.d/temporary.conf
EXPOSE 8080
USER 101
