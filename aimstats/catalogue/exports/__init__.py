"""The catalogue in the formats of others, for who replaces the address of their map by ours: made of `domain.dialects`' words."""
