"""JSON that others wrote, as values: read strictly, changed text by text, written again.

What is written again reads the same everywhere: no name stands twice in an object, and no letter is escaped that need not be.

Source: RFC 8259, sections 4 (names), 6 (numbers) and 8.2 (surrogates).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

MOST_DEPTH = 64


def read_value(text: str) -> Any:
    """Raises: ValueError: It is no JSON, holds half a letter, or is nested deeper than `MOST_DEPTH`."""
    try:
        value = json.loads(text, parse_constant=_refuse)
        written(value).encode()
    except RecursionError:
        raise ValueError(f"expected at most {MOST_DEPTH} levels of nesting, found more") from None
    if _depth(value) > MOST_DEPTH:
        raise ValueError(f"expected at most {MOST_DEPTH} levels of nesting, found more")
    return value


def written(value: Any) -> str:
    """A value as JSON. Raises: ValueError: A number in it is none of JSON's."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def texts_replaced(value: Any, replace: Callable[[str], str], *, numbers: bool = False) -> Any:
    """`value` with every text in it replaced, names too. Args: numbers: A number whose digits are replaced becomes that text."""
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, list):
        return [texts_replaced(item, replace, numbers=numbers) for item in value]
    if isinstance(value, dict):
        return {replace(name): texts_replaced(item, replace, numbers=numbers) for name, item in value.items()}
    if numbers and isinstance(value, (int, float)) and not isinstance(value, bool):
        text = replace(str(value))
        return value if text == str(value) else text
    return value


def lines(value: Any, name: str = "") -> Iterator[str]:
    """Every name, text and number in `value`, each number and text on a line behind its name (`x = 3`), as a reader would meet it, and each
    text on a line of its own too; list items have the list's name."""
    if isinstance(value, dict):
        for own, item in value.items():
            if isinstance(item, (dict, list)):
                yield own
            yield from lines(item, own)
    elif isinstance(value, list):
        for item in value:
            yield from lines(item, name)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield f"{name} = {value}" if name else str(value)
        if name and isinstance(value, str):
            yield value
    elif name:
        yield name


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        level = [item for one in level if isinstance(one, (list, dict)) for item in (one.values() if isinstance(one, dict) else one)]
    return depth


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
