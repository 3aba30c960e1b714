"""Measurements of whole processes, printed by `make bench`; none of them is a test."""
