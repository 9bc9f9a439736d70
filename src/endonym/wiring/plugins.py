"""Plugins: entry points that the settings name, loaded into Protocols; one that does not load stops the start."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoints, entry_points
from typing import Any

from endonym.core.errors import PluginLoadError


def load_plugin(group: str, name: str) -> Any:
    """The object of an entry point such as group `endonym.engines`, name `embedded`.

    Raises:
        PluginLoadError: None, or more than one, has this name, or its import fails.
    """
    return _load(group, name, entry_points(group=group))


def load_plugins(group: str, names: Iterable[str]) -> tuple[Any, ...]:
    """As `load_plugin` for each name; what is installed is looked through once.

    Raises:
        PluginLoadError: As `load_plugin`.
    """
    points = entry_points(group=group)
    return tuple(_load(group, name, points) for name in names)


def _load(group: str, name: str, points: EntryPoints) -> Any:
    found = [point for point in points if point.name == name]
    packages = ", ".join(sorted(point.dist.name if point.dist else "?" for point in found))
    if len(found) != 1:
        known = ", ".join(sorted(point.name for point in points))
        raise PluginLoadError(f"{group}: expected one plugin named {name!r}, found {len(found)} ({packages or 'none'})",
                              remedy=f"Known: {known}. Install or remove a package, or correct the setting.")  # fmt: skip
    try:
        return found[0].load()
    except Exception as error:
        raise PluginLoadError(f"{group}: plugin {name!r} of {packages} does not load: {type(error).__name__}: {error}",
                              remedy="Install what it needs, or name another in the settings.") from error  # fmt: skip
