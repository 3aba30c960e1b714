"""PostgreSQL as the project uses it: tables, the embedded server, migrations and locks."""
