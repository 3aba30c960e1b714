"""Processes that run and exit: the crawl and its admin commands."""
