"""Where things lie that can be had again."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """The user's: on Linux `~/.cache/endonym`, or within `XDG_CACHE_HOME`; of a user without a home one in which nothing can be made."""
    try:
        return user_cache_path("endonym", appauthor=False)
    except RuntimeError:
        return Path(os.devnull) / "endonym"
