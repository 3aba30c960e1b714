"""Z.ai's sources."""
