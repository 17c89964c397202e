# Stands in for python:3.13: uv, Poetry and PDM have certificates of their own, and trust the machine's where they are told.
FROM python:3.11
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt
