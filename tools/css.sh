#!/bin/sh
# Rebuild static/css/app.css, static/icons.svg and static/vendor/ from assets/ with the versions in package-lock.json.
set -eu
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null 2>&1; then
    echo "npm (Node 20 or later) is needed to rebuild the stylesheet; everything else works without it." >&2
    exit 1
fi
# Not `npm ci`: some versions of npm leave other platforms' optional packages out of the lock file they write, and
# then refuse it. This takes the locked versions too.
npm install --no-save --no-audit --no-fund --silent
npm run --silent build
gzip -9c static/css/app.css | wc -c | awk '{ printf "static/css/app.css: %.1f KB gzip\n", $1 / 1024 }'
