"""What a list may be asked for and shows: one row a column, and what the values of each kind are."""
