"""One file a step; the newest stands in `endonym.store.schema.NEWEST`."""
