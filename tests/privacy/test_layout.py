from __future__ import annotations

import pytest

from endonym.privacy import Masker, find

NHS, NIN = ("gb.nhs",), ("jo.nin",)


def items(text: str, region: str, identifiers: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(found.kind, found.text) for found in find(text, region, identifiers)]


def test_a_label_on_the_line_above_says_what_a_value_is() -> None:
    text = "Isa telefon:\n51234567\n\nSünniaeg:\n\n12.03.2009"
    assert items(text, "EE") == [("phone", "51234567"), ("birth", "12.03.2009")]
    assert items("NHS number\n943 476 5919\nReference\n943 476 5919", "GB", NHS) == [("identifier", "943 476 5919")]


@pytest.mark.parametrize("text", [
    "pupil,dob,nhs number,phone\nRose,2009-03-12,943 476 5919,07400 123456", "pupil;dob;nhs number;phone\nRose;2009-03-12;943 476 5919;07400 123456",
    "| pupil | dob | nhs number | phone |\n|---|---|---|---|\n| Rose | 2009-03-12 | 943 476 5919 | 07400 123456 |",
    "pupil\tdob\tnhs number\tphone\nRose\t2009-03-12\t943 476 5919\t07400 123456", "pupil / dob / nhs number / phone\nRose / 2009-03-12 / 943 476 5919 / 07400 123456",
    "<tr><th>pupil</th><th>dob</th><th>nhs number</th><th>phone</th></tr>\n<tr><td>Rose</td><td>2009-03-12</td><td>943 476 5919</td><td>07400 123456</td></tr>",
])  # fmt: skip
def test_the_heading_of_a_column_says_what_stands_in_it(text: str) -> None:
    assert items(text, "GB", NHS) == [("birth", "2009-03-12"), ("identifier", "943 476 5919"), ("phone", "07400 123456")]


@pytest.mark.parametrize("text", [
    "order;phone\n51234567;-", "n,n_squared\n51234567,?", "Leia algarvud:\n38001085718\n51234567", "vastused:\na) 5123 4567\nb) 51234567", "toode;kogus\n51234567;3",
])  # fmt: skip
def test_columns_and_lists_of_nobody_stay(text: str) -> None:
    assert items(text, "EE", ("ee.ik",)) == []


def test_a_weak_identifier_that_is_a_field_of_its_own_counts_beside_other_data() -> None:
    assert items("lina@mail.jo; 9991012345; +962 7 9012 3456", "JO", NIN) == [("email", "lina@mail.jo"), ("identifier", "9991012345"), ("phone", "+962 7 9012 3456")]
    assert items("lina@mail.jo; order: 9991012345", "JO", NIN) == [("email", "lina@mail.jo")]


def test_a_message_answers_the_one_before() -> None:
    masker = Masker("EE", ("ee.ik",))
    assert masker.mask("51234567") == "51234567"
    masker.mask("Mis su telefoninumber on?")
    assert masker.mask("51234567") == "⟦phone-1⟧"
    masker = Masker("EE", ("ee.ik",))
    masker.mask("Milline neist on algarv?")
    assert masker.mask("38001085718") == "38001085718"


@pytest.mark.parametrize("text", ["你的手机号是多少？\n\n51234567", "手机：\n51234567", "姓名，电话，班级\n李明，51234567，七班"])
def test_wide_marks_part_and_ask_as_narrow_ones_do(text: str) -> None:
    assert items(text, "EE") == [("phone", "51234567")]
