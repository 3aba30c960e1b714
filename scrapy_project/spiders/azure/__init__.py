"""Azure's sources and the reader of its meters' names."""
