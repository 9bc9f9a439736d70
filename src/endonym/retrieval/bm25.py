"""Weights as the index file's own search gives them, so that what is made of them holds for every store.

Source: SQLite FTS5, section 5.1.1 (the bm25 function); Robertson and Zaragoza 2009, The Probabilistic Relevance Framework.
"""

from __future__ import annotations

import math

K1 = 1.2
B = 0.75
TITLE = 2
"""How often a word of the titles counts."""


def rarity(held: int, size: int) -> float:
    """The inverse document frequency of a term that `held` of `size` passages hold, as FTS5 reckons it."""
    return max(1e-6, math.log((size - held + 0.5) / (held + 0.5)))
