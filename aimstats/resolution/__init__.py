"""Claims in force resolved to models and offers: what is shown of each, from which statement, and why."""
