#!/usr/bin/env bash
# Brings the other engines that the tests can use to a Debian machine, as root: buildah and podman as packages, and Docker
# 20.10 unpacked beside the system. stdout: the folder of that Docker, for REDOCK_E2E_DOCKER_20. What cannot be had is
# said on stderr, and its tests are skipped.
set -uo pipefail

say() { echo "other engines: $*" >&2; }
quick() { timeout --kill-after=5s "$@" </dev/null >/dev/null 2>&1; }

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  say "only those that are there: this is not root on Debian"
  exit 0
fi
old=${REDOCK_E2E_DOCKER_20:-/var/tmp/redock-docker-20}
if command -v buildah >/dev/null && command -v podman >/dev/null && [ -x "$old/usr/sbin/dockerd" ]; then
  echo "$old"
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
quick 90s apt-get update || say "apt-get update failed"
quick 240s apt-get install -y --no-install-recommends buildah podman || say "buildah and podman could not be installed"

packages=$(mktemp -d)
trap 'rm -rf "$packages"' EXIT
chmod 755 "$packages"
if [ ! -x "$old/usr/sbin/dockerd" ]; then
  if ! apt-cache policy docker.io 2>/dev/null | grep 'Candidate: 20\.10' >/dev/null; then
    say "this release of Debian has another Docker than 20.10"
    exit 0
  fi
  if ! (cd "$packages" && quick 120s apt-get download docker.io containerd); then
    say "Docker 20.10 could not be fetched"
    exit 0
  fi
  for package in "$packages"/*.deb; do dpkg-deb -x "$package" "$old"; done
fi
echo "$old"
