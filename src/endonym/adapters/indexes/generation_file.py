"""What a generation's folder holds beside its indexes: which passage each number stands for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path

from endonym.adapters.indexes.shelves import shelf_of
from endonym.seams.passage_index import Shelf

FORMAT = 1
_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A passage as the indexes of a generation know it."""

    id: str
    digest: str
    shelf: int


@dataclass(slots=True)
class Manifest:
    """Attributes: dimensions: Of the vectors, 0 where there are none; gone: passages taken out since everything was written
    last; passages: by number, None where one was taken out."""

    key: str = ""
    dimensions: int = 0
    gone: int = 0
    shelves: list[Shelf] = field(default_factory=list)
    passages: list[Numbered | None] = field(default_factory=list)

    def numbers(self) -> dict[str, int]:
        """By passage id."""
        return {passage.id: number for number, passage in enumerate(self.passages) if passage}

    def write(self, folder: Path) -> None:
        """Write it into a generation's folder."""
        shelves = [astuple(shelf) for shelf in self.shelves]
        passages = [astuple(passage) if passage else None for passage in self.passages]
        whole = {"format": FORMAT, "key": self.key, "dimensions": self.dimensions, "gone": self.gone, "shelves": shelves, "passages": passages}
        (folder / _NAME).write_text(json.dumps(whole, ensure_ascii=False), "utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Raises: OSError, ValueError: it is missing, broken or of another format."""
    whole = json.loads((folder / _NAME).read_text("utf-8"))
    if not isinstance(whole, Mapping) or whole.get("format") != FORMAT:
        raise ValueError("expected a manifest of this version")
    try:
        return Manifest(whole["key"], whole["dimensions"], whole["gone"], [shelf_of(values) for values in whole["shelves"]],
                        [Numbered(*values) if values else None for values in whole["passages"]])  # fmt: skip
    except (KeyError, TypeError) as error:
        raise ValueError(f"expected a whole manifest, found {error!r}") from error
