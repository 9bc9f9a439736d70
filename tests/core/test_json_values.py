"""What stands in a value as a reader would meet it."""

from __future__ import annotations

from endonym.core.json_values import lines


def test_every_name_and_every_text_is_met_also_on_a_line_of_its_own() -> None:
    value = {"kill yourself": {}, "steps": ["mix it", 3], "note": "Kill yourself.", "x": 3, "deep": {"er": {"e": True}}}
    assert list(lines(value)) == ["kill yourself", "steps", "steps = mix it", "mix it", "steps = 3", "note = Kill yourself.", "Kill yourself.", "x = 3",
                                  "deep", "er", "e"]
