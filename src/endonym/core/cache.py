"""Where things lie that can be had again."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """The user's, such as `~/.cache/endonym`, or within `XDG_CACHE_HOME`; nothing is made here."""
    return user_cache_path("endonym", appauthor=False)
