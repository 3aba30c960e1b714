#!/bin/sh
# Run once by the compose file's PostgreSQL, after roles.sql: the passwords that its environment holds become the roles' own.
set -eu
psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
  --set=owner="$OWNER_PASSWORD" --set=web="$WEB_PASSWORD" --set=api="$API_PASSWORD" --set=job="$JOB_PASSWORD" <<'SQL'
alter role aimstats_owner password :'owner';
alter role aimstats_web password :'web';
alter role aimstats_api password :'api';
alter role aimstats_job password :'job';
SQL
