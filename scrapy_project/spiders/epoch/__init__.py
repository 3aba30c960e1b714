"""Epoch's benchmark hub: its spider, the files of its archive, and who reported a figure."""
