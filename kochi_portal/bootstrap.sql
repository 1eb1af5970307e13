-- Roles, database and default rights of the portal, for psql as a superuser.
-- Idempotent: run it again after changing a password, after an upgrade and after a
-- restore. Passwords come from the environment, never from the command line, where
-- `ps` would show them:
--
--   PORTAL_OWNER_PASSWORD=… PORTAL_APP_PASSWORD=… PORTAL_WORKER_PASSWORD=… \
--   PORTAL_LOADER_PASSWORD=… PORTAL_BACKUP_PASSWORD=… \
--   psql --no-psqlrc --dbname=postgres --file=kochi_portal/bootstrap.sql
--
-- `--variable=owner_may_create_databases=yes` is for development only: test and
-- scratch databases are created by the owner and copy template1.

\set ON_ERROR_STOP on
\set QUIET on
\getenv owner_password PORTAL_OWNER_PASSWORD
\getenv app_password PORTAL_APP_PASSWORD
\getenv worker_password PORTAL_WORKER_PASSWORD
\getenv loader_password PORTAL_LOADER_PASSWORD
\getenv backup_password PORTAL_BACKUP_PASSWORD
SET client_min_messages = warning;

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY[
    'portal_owner', 'portal_app', 'portal_worker', 'portal_loader', 'portal_backup'
]) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- Owns the tables; migrations and data migrations only.
ALTER ROLE portal_owner LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION
    NOBYPASSRLS PASSWORD :'owner_password';
\if :{?owner_may_create_databases}
ALTER ROLE portal_owner CREATEDB;
\endif

-- Every request and tenant task. 'unset' is no number: a query that nobody gave a
-- scope raises instead of quietly finding nothing.
ALTER ROLE portal_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION
    NOBYPASSRLS PASSWORD :'app_password';
ALTER ROLE portal_app SET app.organization_ids = 'unset';
ALTER ROLE portal_app SET app.person_ids = 'unset';
ALTER ROLE portal_app SET app.capability = '';
ALTER ROLE portal_app SET statement_timeout = '30s';
ALTER ROLE portal_app SET lock_timeout = '10s';
ALTER ROLE portal_app SET idle_in_transaction_session_timeout = '60s';

-- The few named tasks that cross bodies; its table rights come from migrations.
ALTER ROLE portal_worker LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION
    NOBYPASSRLS PASSWORD :'worker_password';
ALTER ROLE portal_worker SET statement_timeout = '5min';
ALTER ROLE portal_worker SET lock_timeout = '10s';
ALTER ROLE portal_worker SET idle_in_transaction_session_timeout = '60s';

-- Uploaded tables: owns the schema rows and nothing else.
ALTER ROLE portal_loader LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION
    NOBYPASSRLS PASSWORD :'loader_password';

-- Dumps: sees every row, writes none.
ALTER ROLE portal_backup LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION
    BYPASSRLS PASSWORD :'backup_password';
ALTER ROLE portal_backup SET default_transaction_read_only = on;
GRANT pg_read_all_data TO portal_backup;

-- With a C locale, trigrams of Japanese text are empty and search finds nothing.
SELECT $$CREATE DATABASE portal OWNER portal_owner TEMPLATE template0 ENCODING UTF8
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'$$
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'portal')
\gexec
ALTER DATABASE portal OWNER TO portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE portal
    TO portal_app, portal_worker, portal_loader, portal_backup;

-- Databases that the owner creates later (tests, restore) copy template1.
\connect template1
\ir bootstrap_database.sql
\connect portal
\ir bootstrap_database.sql
