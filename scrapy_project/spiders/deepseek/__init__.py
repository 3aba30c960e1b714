"""DeepSeek: its prices and its change log."""
