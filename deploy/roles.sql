-- The four roles of a deployment, made once by an administrator in the project's own database, before the first migration:
--
--   aimstats_owner  owns the tables and migrates them; no process that serves or crawls has its password
--   aimstats_web    the pages: reads everything, writes nothing but the counts of rate_limit
--   aimstats_api    the API: the same rights under a password of its own, so that each can be changed or withdrawn alone
--   aimstats_job    the crawl job: appends to the ledger, closes what it opened, rewrites what is resolved from it
--
-- None is a superuser. What each may do with which table is in grants.sql, which `python -m deploy.grants` applies after
-- every migration. Safe to repeat. Passwords are no part of this file: \password aimstats_owner, and so on.

do $$
declare
    name text;
begin
    foreach name in array array['aimstats_owner', 'aimstats_web', 'aimstats_api', 'aimstats_job'] loop
        if not exists (select from pg_roles where rolname = name) then
            execute format('create role %I login nosuperuser nocreatedb nocreaterole noinherit', name);
        end if;
    end loop;
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to aimstats_owner, aimstats_web, aimstats_api, aimstats_job', current_database());
    -- Publishing compares in temporary tables.
    execute format('grant temporary on database %I to aimstats_job', current_database());
end $$;

revoke all on schema public from public;
grant usage, create on schema public to aimstats_owner;
grant usage on schema public to aimstats_web, aimstats_api, aimstats_job;

-- A database that was migrated before there were roles: what is in it changes hands.
do $$
declare
    statement text;
begin
    for statement in
        select format('alter table public.%I owner to aimstats_owner', tablename)
        from pg_tables where schemaname = 'public' and tableowner <> 'aimstats_owner'
        union all
        select format('alter function %s owner to aimstats_owner', oid::regprocedure)
        from pg_proc where pronamespace = 'public'::regnamespace and prorettype = 'trigger'::regtype
        and proowner <> 'aimstats_owner'::regrole
    loop
        execute statement;
    end loop;
end $$;
