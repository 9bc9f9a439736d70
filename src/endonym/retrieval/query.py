"""A question as the arms of a search read it."""

from __future__ import annotations

import re

from endonym.retrieval.index_file import IndexFile
from endonym.retrieval.wording import content_words, search_words
from endonym.seams.language import LanguageTools
from endonym.text.fold import fold, strip_marks, words


def restore_marks(text: str, language: str, file: IndexFile) -> str:
    """`text` with the diacritics that its writer left out, as far as the bundle knows the words.

    A word typed without marks takes the spelling that the same letters have in the bundle, if they always carry marks
    there: `ohku` becomes `õhku`, `vabadussoda` `vabadussõda`. Without them neither dictionary nor embedder knows a word.
    """
    bare = {word: folded for word in words(text) if (folded := fold(word)) == strip_marks(word)}
    known = file.spellings(tuple(dict.fromkeys(bare.values())), language) if bare else {}
    for word, folded in bare.items():
        if folded in known:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", known[folded], text)
    return text


def query_words(text: str, language: str, tools: LanguageTools) -> list[str]:
    """Content words of a question as mark-stripped lemmas."""
    return content_words(search_words(text, language, tools), language)
