#!/bin/sh
# Runs once, when the database volume is new: the role the application connects as, and its database.
# Row-level security binds neither superusers nor BYPASSRLS roles, so this one is neither (check anticipate.E001).
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set role_password="$(cat "${DATABASE_PASSWORD_FILE:-/run/secrets/database_password}")" <<'SQL'
CREATE ROLE anticipate LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB PASSWORD :'role_password';
CREATE DATABASE anticipate OWNER anticipate;
REVOKE CONNECT ON DATABASE anticipate FROM PUBLIC;
SQL
