-- What every database of the portal starts with; included by bootstrap.sql.

SET client_min_messages = warning;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- Below row-level security an index serves only operators that tell nothing of rows one
-- may not see. `@>` on arrays of text compares and says yes or no; only a superuser may
-- say that of it, and no dump carries it: run this again after a restore.
ALTER FUNCTION pg_catalog.arraycontains(anyarray, anyarray) LEAKPROOF;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public
    TO portal_app, portal_worker, portal_loader, portal_backup;

ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_owner
    GRANT USAGE, SELECT ON SEQUENCES TO portal_app, portal_worker;

CREATE SCHEMA IF NOT EXISTS rows AUTHORIZATION portal_loader;
GRANT USAGE ON SCHEMA rows TO portal_app;
ALTER DEFAULT PRIVILEGES FOR ROLE portal_loader IN SCHEMA rows
    GRANT SELECT ON TABLES TO portal_app;
