#!/bin/sh
# The role that serves, made with the database; `flask db upgrade` grants it what it needs.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "$POSTGRES_DB" -v word="$SERVICE_PASSWORD" <<'END'
CREATE ROLE huulung LOGIN PASSWORD :'word';
END
