#!/usr/bin/env bash
# Sees to a container engine for test:e2e on a machine that may have none.
# stdout: the folder of the docker client. Exit 1: there is no engine and none can be had; stderr says why.
# LAB_UP: a script that brings an engine and base images on such a machine.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { echo "container lab: $*" >&2; }
answers() { timeout 20 docker version --format '{{.Server.Version}}' 2>/dev/null; }

# A client whose daemon was unpacked beside the system lies beside its daemon.
beside_daemon() {
  local daemon
  for daemon in $(pidof dockerd || true); do
    daemon=$(readlink "/proc/$daemon/exe") && echo "$(dirname "$daemon")/../bin"
  done
}

if ! version=$(answers); then
  hook=${LAB_UP:-../shared/lab/up}
  if [ ! -x "$hook" ]; then
    say "no container engine answers, and there is no script $hook that brings one (LAB_UP names another)"
    exit 1
  fi
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  say "no container engine answers; $hook brings one"
  if ! timeout --kill-after=10s 20m "$hook" >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    say "$hook could not bring an engine; its last words are above"
    exit 1
  fi
  PATH="$(beside_daemon | head -n 1):$PATH"
  version=$(answers) || { say "$hook ended well, but no engine answers"; exit 1; }
fi
say "docker $version"

# Images that the tests build on: the real ones where a registry is within reach, else what the machine has in their place.
here() { docker image inspect "$1" >/dev/null 2>&1; }
images=test/e2e/images
# A tag that was put on the very image that our Dockerfile adds something to lacks that something.
bare() {
  case $2 in *.Dockerfile) here "$1" || return 1 ;; *) return 1 ;; esac
  local base
  base=$(sed -n 's/^FROM \(\S*\).*/\1/p' "$images/$2" | head -n 1)
  [ "$(docker image inspect --format '{{.Id}}' "$1" "$base" 2>/dev/null | uniq | wc -l)" = 1 ]
}
while read -r image instead set; do
  if [ "$set" = all ] && [ "${REDOCK_E2E:-}" != all ]; then continue; fi
  if bare "$image" "$instead"; then
    say "$image is a bare $(sed -n 's/^FROM //p' "$images/$instead" | head -n 1)"
  elif here "$image" || docker pull -q "$image" >/dev/null 2>&1; then continue; fi
  case $instead in
    *.Dockerfile) docker build -q --network=host -t "$image" -f "$images/$instead" "$images" >/dev/null 2>&1 ;;
    *) docker tag "$instead" "$image" 2>/dev/null ;;
  esac || { say "the image $image is not here and cannot be fetched"; [ "$set" = all ] || exit 1; continue; }
  say "$instead stands in for $image"
done < <(grep -v '^#' "$images/list.txt")
dirname "$(command -v docker)"
