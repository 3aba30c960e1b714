"""`python -m deploy.grants`: give the roles of roles.sql their rights on the tables, after every migration."""

import sys
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from aimstats.config import ConfigError, load_config
from aimstats.store.database import open_database, reason

FOLDER = Path(__file__).parent
ROLES = ("aimstats_owner", "aimstats_web", "aimstats_api", "aimstats_job")
OK, REFUSED, USAGE, NO_DATABASE = 0, 1, 2, 3


def run_script(connection: Connection, name: str) -> None:
    """Run ``deploy/<name>`` in the connection's transaction."""
    script = (FOLDER / name).read_text(encoding="utf-8")
    connection.exec_driver_sql(script, execution_options={"no_parameters": True})


def missing_roles(connection: Connection) -> list[str]:
    """Return which of ROLES the server does not have."""
    known = set(connection.scalars(text("select rolname from pg_roles")))
    return [role for role in ROLES if role not in known]


def main() -> int:
    """Apply grants.sql in one transaction. Exit 0 when done, or when one role does it all and there are none to give rights
    to; 1 refused; 2 wrong configuration; 3 the database cannot be reached.
    """
    try:
        config = load_config()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return USAGE
    with open_database(config, "scrape") as database:
        try:
            with database.engine.begin() as connection:
                missing = missing_roles(connection)
                if not missing:
                    run_script(connection, "grants.sql")
        except OperationalError as error:
            print(f"the database cannot be reached: {reason(error)}", file=sys.stderr)
            return NO_DATABASE
        except SQLAlchemyError as error:
            print(f"the database refused: {reason(error)}", file=sys.stderr)
            return REFUSED
    if missing:
        print(f"nothing granted: there is no role {', '.join(missing)} (deploy/roles.sql makes them)")
    else:
        print("granted: aimstats_web and aimstats_api read, aimstats_job publishes")
    return OK


if __name__ == "__main__":
    sys.exit(main())
