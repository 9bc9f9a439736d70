import pytest

from endonym.core.canonical import canonical_json, digest_json
from endonym.core.diagnostics import Diagnostic, Span, sort_diagnostics
from endonym.core.errors import PackError
from endonym.core.ids import slug


def test_canonical_json_does_not_depend_on_order() -> None:
    assert canonical_json({"b": 1, "a": "õ"}) == '{"a":"õ","b":1}'.encode()
    assert digest_json({"b": 1, "a": 2}) == digest_json({"a": 2, "b": 1})


def test_diagnostics_are_sorted_errors_first_and_said_once() -> None:
    late = Diagnostic("B1", "b", "warning", Span("a.md", 1), "m", "r")
    first = Diagnostic("A1", "a", "error", Span("z.md", 9), "m", "r")
    assert sort_diagnostics([late, first, late]) == (first, late)


def test_an_error_says_where_what_and_what_to_do() -> None:
    error = PackError("expected an id, found none", origin="pack.toml:3", remedy="Add it.")
    assert str(error) == "pack.toml:3: expected an id, found none Add it."


@pytest.mark.parametrize(("text", "expected"), [("Mis see on?", "mis-see-on"), ("Закон § 4", "закон-4"), ("!!!", "section")])
def test_slug_keeps_letters_of_every_script(text: str, expected: str) -> None:
    assert slug(text) == expected
