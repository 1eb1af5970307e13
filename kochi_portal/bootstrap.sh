#!/bin/sh
# First start of the database container: bootstrap.sql with the passwords of /run/secrets.
# Run again after an upgrade or a restore:
#   docker compose exec postgres sh /docker-entrypoint-initdb.d/bootstrap.sh
set -eu
for role in owner app worker loader backup; do
    name="PORTAL_$(echo "$role" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    export "$name=$(cat "/run/secrets/${role}_password")"
done
exec psql --no-psqlrc --username="${POSTGRES_USER:-postgres}" --dbname=postgres \
    --file=/bootstrap/bootstrap.sql
