"""Settings, plugins and the composition root."""
