"""Parts loaded from entry points that the settings name; imported by `endonym.wiring` alone."""
