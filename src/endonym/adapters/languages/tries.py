"""simplemma's dictionaries as tries in the user's cache folder, mapped into memory: processes share them, and read what they ask for.

A language's trie is made when it is first asked for on a machine, and stays: Estonian's 2.7 million forms take some 5 s and 12 MB.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from marisa_trie import BytesTrie
from simplemma.strategies.dictionaries import DictionaryFactory, StreamDictionaryFactory, TrieDictionaryFactory
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieWrapDict


class Tries(DictionaryFactory):
    """Thread-safe. Where the folder cannot be written, or what lies there is broken, dictionaries are read as simplemma ships them: slower, and
    each process its own.

    Args:
        folder: Of tries, by the version of simplemma; made where there is none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / f"simplemma-{version('simplemma')}"
        self._shipped = StreamDictionaryFactory(cache_max_size=64)  # more than its eight: a stack of nine languages would load without end
        self._found: dict[str, Mapping[str, str]] = {}
        self._lock = threading.Lock()

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        """Raises: ValueError: simplemma has none of this language."""
        found = self._found.get(lang)
        if found is None:
            with self._lock:
                found = self._found.get(lang) or self._read(lang)
                self._found[lang] = found
        return found

    def _read(self, lang: str) -> Mapping[str, str]:
        path = self._folder / f"{lang}.dic"
        with suppress(OSError, RuntimeError):  # there is none yet, or a file that is no trie
            return TrieWrapDict(BytesTrie().mmap(str(path)))
        with suppress(OSError, RuntimeError):  # no folder, no room
            self._make(lang, path)
            return TrieWrapDict(BytesTrie().mmap(str(path)))
        return self._shipped.get_dictionary(lang)

    def _make(self, lang: str, path: Path) -> None:
        """Written aside and put in place whole: other processes may read meanwhile."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if sys.stderr.isatty():  # somebody waits, whatever they asked for
            sys.stderr.write(f"  preparing the dictionary of {lang}\n")
        with TemporaryDirectory(dir=self._folder) as aside:
            TrieDictionaryFactory(disk_cache_dir=aside).get_dictionary(lang)
            (Path(aside) / path.name).replace(path)
