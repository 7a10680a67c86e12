#!/bin/sh
# Makes the secret files docker-compose.yml reads; those that exist are kept.
set -eu
cd "$(dirname "$0")/.."
mkdir -p secrets
chmod 700 secrets
for name in postgres_password database_password secret_key encryption_keys; do
    [ -s "secrets/$name" ] && continue
    case "$name" in
        # 32 bytes, in the alphabet of URLs: nothing may be left out of a key.
        encryption_keys) head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n' >"secrets/$name" ;;
        *) head -c 48 /dev/urandom | base64 | tr -d '\n+/=' >"secrets/$name" ;;
    esac
    # The folder is closed; the files must be readable for the containers' own users.
    chmod 444 "secrets/$name"
    echo "made secrets/$name"
done
