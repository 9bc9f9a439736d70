from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endonym.privacy import find

EE = ("ee.ik",)


def kinds(text: str, region: str = "EE", identifiers: tuple[str, ...] = EE) -> list[str]:
    return [found.kind for found in find(text, region, identifiers)]


def texts(text: str, region: str = "EE", identifiers: tuple[str, ...] = EE) -> list[str]:
    return [found.text for found in find(text, region, identifiers)]


def test_national_identifier_is_found_by_its_checksum() -> None:
    assert kinds("Minu isikukood on 38001085718.") == ["identifier"]
    assert kinds("Minu isikukood on 38001085719.") == []


@pytest.mark.parametrize("text", [
    "x = 38001085718", "38001085718 * 2 =", "38001085718 + 5", "5 - 38001085718", "P = 4111 1111 1111 1111", "38001085718 : 3",
    "Kas 38001085718 jagub 3-ga?", "is 51234567 divisible by 3", "$38001085718$", r"\frac{38001085718}{7}", "f(38001085718)", "38001085718 % 97",
    "найди остаток: 38001085718 / 7", "2+37251234567", "y > 51234567",
])  # fmt: skip
def test_a_number_in_an_equation_is_mathematics(text: str) -> None:
    assert kinds(text) == []


def test_a_word_that_says_whose_it_is_outweighs_an_equals_sign() -> None:
    assert kinds('isikukood = "38001085718"') == ["identifier"]


def test_phone_mail_iban_and_card() -> None:
    text = "Helista +372 5123 4567 või mari@kool.ee, konto EE38 2200 2210 2014 5685, kaart 4111 1111 1111 1111."
    assert kinds(text) == ["phone", "email", "iban", "card"]


@pytest.mark.parametrize("text", [
    "2 + 3 = 5", "100 000 000 inimest", "aastal 1918-1920", "x^2 - 5x + 6 = 0", "3,14159265", "24.02.1918", "3.14159265358979323846",
    "lk 10–15", "ISBN 978-9949-608-12-3", "tellimus 51234567", "1.2.3.4", "12:30:45", "std::vector a::b", "@mari", "E = mc^2", "6 123 456 inimest",
])  # fmt: skip
def test_plain_mathematics_history_and_orders_are_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_numbers_that_stand_side_by_side_are_told_apart() -> None:
    assert texts("38001085718, 5123 4567") == ["38001085718", "5123 4567"]
    assert texts("EE382200221020145685 MARI") == ["EE382200221020145685"]
    assert texts("GB82 WEST 1234 5698 7654 32 ja edasi") == ["GB82 WEST 1234 5698 7654 32"]


@pytest.mark.parametrize(("text", "region", "found"), [
    ("8 (701) 234-56-78", "KZ", "8 (701) 234-56-78"), ("сотовый 87012345678", "KZ", "87012345678"), ("call 622-1234", "TT", "622-1234"),
    ("868-622-1234", "TT", "868-622-1234"), ("tel. 5123456", "EE", "5123456"), ("هاتفي ٠٧٩١٢٣٤٥٦٧", "JO", "٠٧٩١٢٣٤٥٦٧"),
    ("00372 5123 4567", "EE", "00372 5123 4567"), ("电话91234567", "SG", "91234567"), ("(+372) 51234567", "", "(+372) 51234567"),
])  # fmt: skip
def test_phones_as_people_write_them(text: str, region: str, found: str) -> None:
    assert texts(text, region, ()) == [found]


@pytest.mark.parametrize("text", ["5123456", "0800 1111", "1800 221 4444", "116 111", "112"])
def test_bare_numbers_and_help_lines_stay(text: str) -> None:
    for region in ("EE", "GB", "SG"):
        assert kinds(text, region, ()) == []


def test_numbers_joined_by_commas_are_a_list_and_short_ones_a_decimal() -> None:
    assert texts("38001085718,mari@kool.ee,+37251234567") == ["38001085718", "mari@kool.ee", "+37251234567"]
    assert texts("陈小明,S1234567D,9123 4567", "SG", ("sg.nric",)) == ["S1234567D", "9123 4567"]
    assert texts("38001085718,5 ja 3,38001085718") == []


def test_who_gives_one_item_gives_more() -> None:
    assert kinds("mari@kool.ee, 51234567") == ["email", "phone"]
    assert kinds("38001085718, 12.03.2009, mari@kool.ee") == ["identifier", "birth", "email"]
    assert kinds("mari@kool.ee küsis: kas 51234567 jagub 3-ga?") == ["email"]


@pytest.mark.parametrize(("text", "region"), [
    ("ema ütles et pane kirja 51234567", "EE"), ("new number 91234567", "SG"), ("Kooriproov: küsi Tiina käest, 51234567", "EE"), ("moj nomer 51234567", "EE"),
    ("tel51234567", "EE"), ("1- Lina 51234567, sõber", "EE"), ("**Telefon:** 51234567", "EE"), ("> ema 51234567", "EE"), ("userPhone = '51234567'", "EE"),
    ("add 07400 123456 to the group", "GB"), ("мама: 87012345678", "KZ"),
])  # fmt: skip
def test_a_bare_number_of_a_phone_beside_a_person_or_a_word_in_any_writing(text: str, region: str) -> None:
    assert kinds(text, region, ()) == ["phone"]


@pytest.mark.parametrize("text", [
    "Kumb on suurem, 5123 4567 või 5234 5678?", "Minu vanaisa ütles, et 51234567 ei jagu seitsmega.", "is 5123 4567 prime? text me", "Kas 51234567 jagub 3-ga? Aga 5234 5678?",
    "Mängus sain 51234567 punkti.", "Leia 3/4 of 5123 4567", "5123 4567 mm", "kaks arvu: 51234567 ja 38001085718", "your reference number is 51234567",
])  # fmt: skip
def test_sums_of_people_are_sums(text: str) -> None:
    assert kinds(text) == []


def test_a_word_of_calling_belongs_to_the_number_next_to_it() -> None:
    assert texts("Solve 51234567 / 4 and text me on 5234 5678", "EE", ()) == ["5234 5678"]
    assert texts("Helista 51234567, kui on lahendatud 52345678 + 5", "EE", ()) == ["51234567"]


def test_brackets_around_an_identifier_are_not_part_of_it() -> None:
    assert texts("minu laps (38001085718) tuleb") == ["38001085718"]
    assert texts("kontroll(38001085718)") == []


def test_an_identifier_whose_check_says_little_needs_its_name_beside_it() -> None:
    gb, jo = ("gb.nhs",), ("jo.nin",)
    assert kinds("My NHS number is 943 476 5919", "GB", gb) == ["identifier"]
    assert kinds("943 476 5919", "GB", gb) == []
    assert kinds("NHS order 9434765919", "GB", gb) == []
    assert kinds("الرقم الوطني ٩٩٩١٠١٢٣٤٥", "JO", jo) == ["identifier"]
    assert kinds("9991012345", "JO", jo) == []


def test_an_identifier_after_letters_of_a_script_without_spaces() -> None:
    assert texts("我的身份证是S1234567D", "SG", ("sg.nric",)) == ["S1234567D"]
    assert texts("nric s1234567d", "SG", ("sg.nric",)) == ["s1234567d"]


def test_a_number_in_a_link_stays_unless_its_check_is_sure() -> None:
    assert texts("https://err.ee/1608012345 ja https://x.ee/38001085718") == ["38001085718"]


def test_the_text_is_kept_out_of_repr() -> None:
    assert "38001085718" not in repr(find("isikukood 38001085718", "EE", EE))


HOSTILE = ["1", " ", "+", "@", "1 ", "12 ", "5123 ", "51234567 ", "1.", "a@", "(", "+1", "a.", "2009 ", "://", "http://", "A", "A1", "a@b.ee ", "2001:",
           "1-", "EE38 ", "born 2009 ", "www.", "users/", "12,", "١ ", "⟦", "号1", "telefon\n51234567\n", "a,51234567\n", "|51234567", " / ", "</td>", "mu 51234567 "]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_repetition_ends(piece: str) -> None:
    text = piece * (30_000 // len(piece))
    assert all(text[item.start : item.end] == item.text for item in find(text, "EE", EE))


@given(st.lists(st.sampled_from([*HOSTILE, "mari@kool.ee", "38001085718", "+372 5123 4567", " isikukood "]), max_size=60))
def test_what_is_found_lies_apart_and_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = find(text, "EE", EE)
    assert all(text[item.start : item.end] == item.text for item in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))
