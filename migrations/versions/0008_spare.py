"""Readings, runs and events that no answer needs may go: the guards let these pass and nothing else, with the indexes for it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

GUARDS = """
create function reading_goes_if_spare() returns trigger language plpgsql as $$
declare
    day timestamptz := date_trunc('day', old.read_at, 'UTC');
    next record;
begin
    if old.status = 'failed' then
        return old;
    end if;
    select r.run_id, r.read_at into next from reading r
    where r.document_id = old.document_id and r.status in ('ok', 'unchanged') and r.read_at >= old.read_at
    and (r.read_at, r.run_id) > (old.read_at, old.run_id) order by r.read_at, r.run_id limit 1;
    if old.status = 'gone' or next.run_id is null or next.read_at >= day + interval '24 hours'
       or not exists (
           select from reading r where r.document_id = old.document_id and r.status in ('ok', 'unchanged')
           and r.read_at between day and old.read_at and (r.read_at, r.run_id) < (old.read_at, old.run_id))
       or exists (select from claim c where c.opened_by in (old.run_id, next.run_id) and c.document_id = old.document_id)
       or exists (select from claim c where c.closed_by in (old.run_id, next.run_id) and c.document_id = old.document_id) then
        raise exception 'reading of document % in run %: only what no answer needs may be deleted', old.document_id, old.run_id
            using errcode = 'restrict_violation';
    end if;
    return old;
end $$;

create function run_goes_if_spare() returns trigger language plpgsql as $$
begin
    if not exists (select from run r where r.source = old.source and r.id > old.id)
       or (old.status in ('published', 'unchanged') and not (
           exists (select from run r where r.source = old.source and r.id > old.id and r.status in ('published', 'unchanged'))
           and exists (select from run r where r.source = old.source and r.id < old.id and r.status in ('published', 'unchanged'))
       )) then
        raise exception 'run %: the first good run of a source and its last ones stay', old.id
            using errcode = 'restrict_violation';
    end if;
    return old;
end $$;

create function event_goes_if_old() returns trigger language plpgsql as $$
begin
    if old.at > now() - interval '1096 days' then
        raise exception 'event %: it is told for 1096 days', old.id using errcode = 'restrict_violation';
    end if;
    return old;
end $$;
"""
GUARDED = {"reading": "reading_goes_if_spare", "run": "run_goes_if_spare", "event": "event_goes_if_old"}


def upgrade() -> None:
    """Other guards against deleting three tables; truncating them is refused as before."""
    op.execute(GUARDS)
    for table, guard in GUARDED.items():
        op.execute(f"drop trigger {table}_keep on {table}")
        op.execute(f"create trigger {table}_keep before delete on {table} for each row execute function {guard}()")
    op.create_index("ix_reading_document_id_read_at", "reading", ["document_id", "read_at"])
    op.drop_index("ix_reading_document_id", table_name="reading")
    op.create_index("ix_claim_opened_by", "claim", ["opened_by"])
    op.create_index("ix_claim_closed_by", "claim", ["closed_by"], postgresql_where=sa.text("closed_by is not null"))


def downgrade() -> None:
    """The guards and indexes of before: nothing may be deleted."""
    op.drop_index("ix_claim_closed_by", table_name="claim")
    op.drop_index("ix_claim_opened_by", table_name="claim")
    op.create_index("ix_reading_document_id", "reading", ["document_id"])
    op.drop_index("ix_reading_document_id_read_at", table_name="reading")
    for table, guard in GUARDED.items():
        op.execute(f"drop trigger {table}_keep on {table}")
        op.execute(f"create trigger {table}_keep before delete on {table} for each row execute function refuse_change()")
        op.execute(f"drop function {guard}()")
