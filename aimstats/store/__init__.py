"""Everything that touches PostgreSQL: tables, the embedded server, migrations, locks, the rate limiter's storage."""
