"""Packs of older formats brought up to date: one migration from each format to the next.

A migration works on the text of the files, so that comments, order and blank lines stay as people wrote them. It must be
harmless to run again, because pack.toml, which names the format, is written last.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from endonym.core.errors import PackError
from endonym.pack.archive import pack_files
from endonym.pack.manifest import FORMAT
from endonym.pack.positions import Faults, Lines, line_of, parse_toml

HEAD = "pack.toml"
SUFFIXES = (".toml", ".md", ".csv", ".yaml", ".ftl")

Texts = Mapping[str, str]
"""The text of each file of a pack, by its path inside it."""
Migration = Callable[[Texts], dict[str, str]]
"""Gives the files that change, with their new text."""

_MINOR = re.compile(r"""(?<![\w"'-])(["']?)minor\1(\s*=)""")
_FORMAT_LINE = re.compile(r"^(\s*format\s*=\s*)[^#\n]*?(\s*(?:#.*)?)$")


def expect_format(data: dict[str, Any], lines: Lines, faults: Faults) -> dict[str, Any]:
    """The data of pack.toml as of the present format; PK016 goes to `faults` where it is of another."""
    found = data.get("format")
    if type(found) is int and found == FORMAT:
        return data
    said = "no key `format`" if found is None else repr(found)
    faults.add("PK016", "pack-format", line_of(lines, ("format",)), f"expected format = {FORMAT}, found {said}", _remedy(found))
    return {**data, "format": FORMAT}


def migrate(folder: Path) -> list[Path]:
    """Bring the pack in `folder` to the present format; returns the files changed, none where it is up to date.

    Each file is written whole or not at all, pack.toml last: a run that was cut off is made good by running it again.

    Raises:
        PackError: There is no pack.toml, it cannot be read, or it is of a newer format; nothing has been changed.
    """
    before = _texts(folder)
    texts = dict(before)
    number = _format_of(texts[HEAD], folder)
    for step in range(number, FORMAT):
        texts |= MIGRATIONS[step](texts)
        texts[HEAD] = _with_format(texts[HEAD], step + 1)
    _proved(texts[HEAD], folder)
    changed = sorted((name for name in texts if texts[name] != before.get(name)), key=lambda name: (name == HEAD, name))
    for name in changed:
        _write(folder / name, texts[name])
    return [folder / name for name in changed]


def _minor_to_minors(texts: Texts) -> dict[str, str]:
    """0 → 1: `minor` of an audience became `minors`, before the key `format` existed."""
    data, positions = parse_toml(texts[HEAD], Faults(HEAD)) or ({}, {})
    lines = texts[HEAD].splitlines(keepends=True)
    for name in _minor_audiences(data):
        at = line_of(positions, ("audiences", name, "minor")) - 1
        # An inline table may hold several audiences on one line: look behind the name.
        rest = lines[at].partition(name)[2] if "{" in lines[at] else lines[at]
        lines[at] = lines[at][: len(lines[at]) - len(rest)] + _MINOR.sub(r"\1minors\1\2", rest, count=1)
    return {HEAD: "".join(lines)}


def _minor_audiences(data: Mapping[str, Any]) -> list[str]:
    audiences = data.get("audiences")
    found = audiences.items() if isinstance(audiences, dict) else ()
    return [name for name, audience in found if isinstance(audience, dict) and "minor" in audience]


MIGRATIONS: tuple[Migration, ...] = (_minor_to_minors,)
"""The migration at index n leads from format n to n + 1."""


def _texts(folder: Path) -> dict[str, str]:
    if not (folder / HEAD).is_file():
        raise PackError("expected a pack, found no pack.toml in this folder", origin=str(folder), remedy="Name the folder of a pack.")
    texts = {}
    for name, path in pack_files(folder).items():
        if path.suffix in SUFFIXES:
            try:
                texts[name] = path.read_bytes().decode("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                raise PackError(f"expected UTF-8 text, found a fault: {error}", origin=str(path), remedy="Save the file as UTF-8.") from None
    return texts


def _format_of(text: str, folder: Path) -> int:
    try:
        found = tomllib.loads(text).get("format", 0)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise PackError(f"expected TOML, found a fault: {error}", origin=str(folder / HEAD), remedy="Correct this line first.") from None
    if type(found) is not int or not 0 <= found <= FORMAT:
        raise PackError(f"expected format = {FORMAT} or an older one, found {found!r}", origin=str(folder / HEAD), remedy=_remedy(found))
    return found


def _with_format(text: str, number: int) -> str:
    """The text of pack.toml with `format = number`: on the first line where the key is new."""
    data, positions = parse_toml(text, Faults(HEAD)) or ({}, {})
    if "format" not in data:
        return f"format = {number}{_end(text)}{text}"
    lines = text.splitlines(keepends=True)
    at = line_of(positions, ("format",)) - 1
    bare = lines[at].rstrip("\r\n")
    lines[at] = _FORMAT_LINE.sub(rf"\g<1>{number}\g<2>", bare) + lines[at][len(bare) :]
    return "".join(lines)


def _proved(text: str, folder: Path) -> None:
    """Refuse to write what was spelled in a way that no migration foresaw."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        data = {}
    if data.get("format") != FORMAT or _minor_audiences(data):
        raise PackError(f"expected a pack.toml that can be brought to format {FORMAT} by itself, found an unusual spelling",
                        origin=str(folder / HEAD),
                        remedy=f"Write `format = {FORMAT}` on the first line, and `minors` for `minor` under each audience.")  # fmt: skip


def _end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(text.encode())
        partial.chmod(path.stat().st_mode)
        partial.replace(path)
    except OSError as error:
        raise PackError(f"cannot be written: {error.strerror}", origin=str(path), remedy="Check that you may write it.") from None


def _remedy(found: object) -> str:
    if found is None or (type(found) is int and found < FORMAT):
        return "`endonym check --fix` brings the pack up to date."
    if type(found) is int:
        return "Update Endonym: this pack was written for a newer version of it."
    return f"Write `format = {FORMAT}`, as a number."
