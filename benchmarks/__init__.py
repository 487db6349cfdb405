"""Speed as a ratio against a named yardstick in the same run: `make bench`, `make bench ONLY=ingest`."""
