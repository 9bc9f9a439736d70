"""Engines: models behind the Protocol of `endonym.seams.engine`."""
