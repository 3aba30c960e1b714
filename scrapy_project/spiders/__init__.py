"""One module a source; none imports another."""
