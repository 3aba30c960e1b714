"""The files in which the whole catalogue is taken away, made once when a crawl has settled; only this imports pyarrow."""
