#!/bin/sh
# Page tests drive a real browser. Installs Debian's Chromium where this user may; else the tests skip with a reason.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing chromium"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-core; } >/dev/null 2>&1 \
    || echo "chromium could not be installed; page tests will be skipped"
else
  echo "chromium is not here; page tests will be skipped (install it with your package manager)"
fi
