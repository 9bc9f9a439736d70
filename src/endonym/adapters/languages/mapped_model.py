"""py3langid's model as files in the user's cache folder, mapped into memory: processes share it, and hold what they read of it.

Unpacked and held it takes 75 MB and some 0.5 s of each process.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_LAYOUT = 1
"""Rises with what the files hold."""
_BROKEN = (OSError, ValueError, EOFError)
_PARTS = ("ptc", "pc", "classes", "nextmove", "output", "row")


def identifier(folder: Path) -> LanguageIdentifier:
    """The model for all of its languages. Where the folder cannot be written, or what lies there is broken, it is unpacked and held.

    Args:
        folder: Of models, by the version of py3langid; made where there is none.
    """
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    place = folder / f"py3langid-{version('py3langid')}-{_LAYOUT}"
    with suppress(*_BROKEN):
        return _mapped(place)
    held = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    with suppress(*_BROKEN):
        _keep(held, place)
        return _mapped(place)
    return held


def let_go(model: LanguageIdentifier) -> None:
    """Give back what was read of the mapped model; it is read again where it is asked for."""
    base = getattr(model.nb_ptc, "base", None)
    if isinstance(base, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        base.madvise(mmap.MADV_DONTNEED)


def _keep(model: LanguageIdentifier, place: Path) -> None:
    """Each file is put in place whole: other processes may read meanwhile."""
    import numpy as np

    place.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place) as aside:
        for name, part in zip(_PARTS, _parts(model), strict=True):
            np.save(Path(aside) / f"{name}.npy", part)
            (Path(aside) / f"{name}.npy").replace(place / f"{name}.npy")


def _parts(model: LanguageIdentifier) -> Iterator[Any]:
    import numpy as np

    yield from (model.nb_ptc, model.nb_pc, np.array(model.nb_classes), np.asarray(model.tk_nextmove), np.array(model.tk_output, np.int32), np.asarray(model.tk_row))


def _mapped(place: Path) -> LanguageIdentifier:
    """Raises: OSError, ValueError, EOFError: A file is not there, or is broken."""
    import numpy as np
    from py3langid.langid import LanguageIdentifier

    ptc, pc, classes, nextmove, output, row = (np.load(place / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _PARTS)
    if not (ptc.shape[1:] == pc.shape == classes.shape and row.shape == output.shape and row.size and int(row.max()) < nextmove.size // 256):
        raise ValueError("the parts are not of one model")
    if hasattr(mmap, "MADV_RANDOM"):  # a walk through the automaton reads a word here and there
        nextmove.base.madvise(mmap.MADV_RANDOM)
    return LanguageIdentifier(ptc, np.array(pc), classes.tolist(), memoryview(nextmove), memoryview(output), norm_probs=True, tk_row=row.tolist())
