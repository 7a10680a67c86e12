#!/bin/sh
# Renews the lock files (what runs, what tests need too, and the installer): all versions and hashes for every platform, and no index address in them.
# Give package names to renew only those: sh tools/lock.sh django celery
set -eu
cd "$(dirname "$0")/.."
command -v uv >/dev/null 2>&1 || { echo "uv is needed: https://docs.astral.sh/uv/" >&2; exit 1; }

upgrade=--upgrade
if [ $# -gt 0 ]; then
    upgrade=
    for name in "$@"; do upgrade="$upgrade --upgrade-package $name"; done
fi

compile() {
    # shellcheck disable=SC2086 -- options, split on purpose
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --custom-compile-command "make lock" --no-annotate $upgrade "$@"
}
compile pyproject.toml --output-file requirements.lock
compile pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock
echo uv | compile - --output-file requirements-installer.lock
