#!/bin/sh
# Makes the secret files docker-compose.yml reads; those that exist are kept.
set -eu
cd "$(dirname "$0")/.."
mkdir -p secrets
chmod 700 secrets
for name in postgres_password database_password secret_key; do
    [ -s "secrets/$name" ] && continue
    head -c 48 /dev/urandom | base64 | tr -d '\n+/=' >"secrets/$name"
    # The folder is closed; the files must be readable for the containers' own users.
    chmod 444 "secrets/$name"
    echo "made secrets/$name"
done
