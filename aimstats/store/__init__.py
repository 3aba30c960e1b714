"""The ledger, its tables and the database under them."""
