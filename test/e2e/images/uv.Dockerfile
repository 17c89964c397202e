# Stands in for uv's own image, which holds its programs and nothing else.
FROM python:3.11 AS made
RUN pip install uv==0.9.11
FROM scratch
COPY --from=made /usr/local/bin/uv /usr/local/bin/uvx /
