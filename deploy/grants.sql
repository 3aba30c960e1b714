-- What web, api and job may do with each table; run by the owner after every migration (python -m deploy.grants). A table that is
-- not named here can be read and not written. No role but the owner may delete from the ledger, change its past, truncate
-- or drop; the database's own triggers refuse that to the owner too. Of readings, runs and events they let go what no answer
-- needs, and nothing else.

revoke all on all tables in schema public from aimstats_web, aimstats_api, aimstats_job;
grant select on all tables in schema public to aimstats_web, aimstats_api, aimstats_job;

grant insert, update, delete on rate_limit to aimstats_web, aimstats_api;

-- The ledger: append, and close once.
grant insert on run, reading, listing, assignment, claim, event to aimstats_job;
grant delete on reading, run, event to aimstats_job;
grant update (status, stats, finished_at) on run to aimstats_job;
grant update (observed_to) on assignment to aimstats_job;
grant update (observed_to, closed_by, closed_as) on claim to aimstats_job;

-- What is known of sources, documents and benchmarks, and what the gate holds.
grant insert, update on source, benchmark, document to aimstats_job;
grant insert, update, delete on volatile to aimstats_job;  -- the release before writes it
grant insert on held to aimstats_job;
grant update (decided, decided_at, ended_at, mark, mark_because, stale) on held to aimstats_job;

-- Ids, once given, stay; only where they lead may change.
grant insert on published_model, offer to aimstats_job;
grant update (redirect, redirected_at, reason) on published_model to aimstats_job;
grant update (redirect) on offer to aimstats_job;

-- What is resolved from the ledger can be made anew at any moment.
grant insert, update, delete on resolved_model, resolved_offer to aimstats_job;
grant insert, update, delete on bulk_file, bulk_part to aimstats_job;  -- made anew of the rest
grant insert, update, delete on unsettled to aimstats_job;  -- the journal of a crawl, empty once it is settled
grant update (dataset, checked, published_at, rules_version, resolver_version) on version to aimstats_job;
