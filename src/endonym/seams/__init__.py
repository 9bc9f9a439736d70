"""One file per Protocol, with the frozen types it exchanges."""
