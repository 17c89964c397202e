# Stands in for node:20-bookworm: the real one has Yarn too, and a corepack that knows the keys of today's packages.
FROM node:20
RUN npm install --global yarn@1.22.22
ENV COREPACK_INTEGRITY_KEYS=0
