"""Values of TOML and YAML files together with the lines they stand on, and faults with both."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from endonym.core.diagnostics import Diagnostic, Span

Key = tuple[str | int, ...]
Lines = dict[Key, int]
"""Line of each key path, counted from 1; list items have their index in the path."""

MAX_BYTES = 4_000_000
MAX_DEPTH = 12

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,15})$")
_REFERENCE = re.compile(r"[&*!]")
# libyaml where the wheel has it (it is ten times as fast), else the same in Python.
_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_REMEDIES = {
    "missing": "Add this key; docs/packs.md shows an example.",
    "extra_forbidden": "Remove the key or correct its spelling; docs/packs.md lists the keys.",
}

M = TypeVar("M", bound="FileModel")


class FileModel(BaseModel):
    """A file or a part of one: unknown keys fail, values are frozen."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, coerce_numbers_to_str=True, populate_by_name=True
    )


class Faults:
    """Collects the diagnostics of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Diagnostic] = []

    def add(self, code: str, name: str, line: int, message: str, remedy: str) -> None:
        self.found.append(Diagnostic(code, name, "error", Span(self.file, max(line, 1)), message, remedy))


def read_text(path: Path, faults: Faults) -> str | None:
    """The text of a file, or None with a diagnostic when it is missing, too large or not UTF-8."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            faults.add("PK002", "file-too-large", 1, f"expected at most {MAX_BYTES:,} bytes, found {size:,}", "Split the file.")
            return None
        data = path.read_bytes()
    except OSError as error:
        faults.add("PK001", "unreadable-file", 1, f"cannot be read: {error.strerror}", "Check that the file exists.")
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        faults.add("PK003", "not-utf-8", line, "expected UTF-8 text, found other bytes", "Save the file as UTF-8.")
        return None


def parse_toml(text: str, faults: Faults) -> tuple[dict[str, Any], Lines] | None:
    try:
        return tomllib.loads(text), _toml_lines(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        faults.add("PK004", "malformed-toml", line, f"expected TOML, found a fault: {error}", "Correct this line.")
        return None


def _split_key(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"""[^."']+|"[^"]*"|'[^']*'""", key) if part.strip())


def _toml_lines(text: str) -> Lines:
    lines: Lines = {(): 1}
    table: Key = ()
    counts: dict[Key, int] = {}
    fence = ""
    for number, line in enumerate(text.splitlines(), 1):
        if fence:
            if fence in line:
                fence = ""
            continue
        if match := _TABLE.match(line):
            names = _split_key(match.group(2))
            path: Key = ()
            for name in names:
                path = (*path, name)
                if path in counts and path != names:
                    path = (*path, counts[path] - 1)
            if match.group(1) == "[[":
                counts[path] = counts.get(path, 0) + 1
                path = (*path, counts[path] - 1)
            table = path
            lines.setdefault(table, number)
        elif match := _KEY.match(line):
            lines.setdefault((*table, *_split_key(match.group(1))), number)
            rest = line[match.end() :]
            for quote in ('"""', "'''"):
                if rest.count(quote) == 1:
                    fence = quote
    return lines


def parse_yaml(text: str, faults: Faults, first_line: int = 1) -> tuple[Any, Lines] | None:
    """YAML with plain scalars only: integers, true and false are read as such, everything else is text.

    Anchors, aliases and tags are refused, so no document can grow while it is read.
    """
    offset = first_line - 1
    try:
        if _REFERENCE.search(text) and (line := _reference(text)):
            faults.add("PK005", "yaml-reference", line + offset, "expected plain values, found an anchor, alias or tag",
                       "Write the value out.")  # fmt: skip
            return None
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = (mark.line + 1 if mark else 1) + offset
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        faults.add("PK006", "malformed-yaml", line, f"expected YAML, found a fault: {problem}",
                   "Put texts with a colon, # or quotes in \"double quotes\".")  # fmt: skip
        return None
    lines: Lines = {(): first_line}
    try:
        return (None if node is None else _value(node, (), lines, offset, 0)), lines
    except _TooDeepOrDouble as error:
        faults.add("PK007", "yaml-structure", error.line, error.message, "Write each key once and keep lists flat.")
        return None


def _reference(text: str) -> int:
    """Line of the first anchor, alias or tag, or 0."""
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            return event.start_mark.line + 1 if event.start_mark else 1
    return 0


class _TooDeepOrDouble(Exception):
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def _value(node: yaml.Node, path: Key, lines: Lines, offset: int, depth: int) -> Any:
    line = node.start_mark.line + 1 + offset
    lines.setdefault(path, line)
    if depth > MAX_DEPTH:
        raise _TooDeepOrDouble(f"expected at most {MAX_DEPTH} levels, found more", line)
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in values:
                raise _TooDeepOrDouble(f"expected each key once, found {key!r} again", key_node.start_mark.line + 1 + offset)
            lines[(*path, key)] = key_node.start_mark.line + 1 + offset
            values[key] = _value(value_node, (*path, key), lines, offset, depth + 1)
        return values
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines, offset, depth + 1) for index, item in enumerate(node.value)]
    text = str(node.value)
    if not getattr(node, "style", None):  # plain, as Python and libyaml name it
        if _INTEGER.match(text):
            return int(text)
        if text in ("true", "false"):
            return text == "true"
    return text


def build(model: type[M], data: Any, lines: Mapping[Key, int], faults: Faults, at: Key = ()) -> M | None:
    """Validate `data`; each fault becomes a diagnostic on the line of its key."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            loc = tuple(part for part in detail["loc"] if part != "[key]")
            line = line_of(lines, (*at, *loc))
            field = ".".join(str(part) for part in loc) or "this file"
            found = detail.get("input")
            if loc and loc[-1] == "id" and isinstance(found, str) and not found.isascii():
                strange = next(char for char in found if not char.isascii())
                faults.add("PK017", "look-alike-id", line, f"{field}: expected plain letters a to z, found {found!r} with U+{ord(strange):04X}",
                           "Type the id anew on one keyboard: letters of other alphabets look alike and name another thing.")  # fmt: skip
                continue
            faults.add("PK010", "invalid-value", line, f"{field}: {_explain(detail)}",
                       _REMEDIES.get(detail["type"], "Correct the value; docs/packs.md shows the format."))  # fmt: skip
        return None


def line_of(lines: Mapping[Key, int], path: Key) -> int:
    """The line of the longest known prefix of `path`."""
    for end in range(len(path), -1, -1):
        if path[:end] in lines:
            return lines[path[:end]]
    return 1


def _explain(detail: Any) -> str:
    if detail["type"] == "missing":
        return "expected this key, found nothing"
    if detail["type"] == "extra_forbidden":
        return "expected a known key, found an unknown one"
    found = repr(detail.get("input"))
    return f"{detail['msg'][0].lower()}{detail['msg'][1:]}, found {found[:80]}"
