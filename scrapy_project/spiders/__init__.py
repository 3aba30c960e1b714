"""A module a source, beside its readers in a folder where its publisher has more than one; none imports another."""
