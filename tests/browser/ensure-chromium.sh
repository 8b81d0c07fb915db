#!/usr/bin/env bash
# Finds Chromium for the browser tests; installs Debian's when it may, else says in one line what to install.
set -euo pipefail
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null; then
    found=$name
    break
  fi
done
fonts=$(fc-list :lang=zh 2>/dev/null | head -n 1 || true)
if [ -n "${found:-}" ] && [ -n "$fonts" ]; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium and a Chinese font for the browser tests"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fontconfig fonts-wqy-microhei >/dev/null
  exit 0
fi
if [ -n "${found:-}" ]; then
  echo "No Chinese font was found: the tests run, screenshots show boxes. On Debian: sudo apt-get install fonts-wqy-microhei"
  exit 0
fi
echo "The browser tests need Chromium: sudo apt-get install chromium fonts-wqy-microhei (or set CHROMIUM to its path)" >&2
exit 1
