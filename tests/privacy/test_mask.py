from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from endonym.privacy import Masker, Unmasker, hide
from endonym.seams.recogniser import Span
from endonym.seams.turn import Mask

EE = ("ee.ik",)
NAMES = ("Mari Tamm", "Jaan-Erik Kask")
ITEMS = ("38001085718", "mari@kool.ee", "EE38 2200 2210 2014 5685", "4111 1111 1111 1111", "+372 5123 4567", "84.50.12.200")
PIECES = st.one_of(st.text(), st.sampled_from([*ITEMS, "Mari", "Marile", "⟦", "⟧", "⟦email-1⟧", "⟦EMAIL-1⟧", "⟦ name-1 ⟧", " ", " isikukood ", "12.03.2009", " born ",
                                               "https://vk.com/mari"]))  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map("".join)


def restored(masked: str, masks: tuple[Mask, ...], cuts: list[int]) -> str:
    unmasker = Unmasker(masks)
    edges = [0, *sorted(min(cut, len(masked)) for cut in cuts), len(masked)]
    shown = [unmasker.feed(masked[start:end]) for start, end in itertools.pairwise(edges)]
    return "".join((*shown, unmasker.close()))


@given(st.lists(TEXTS, min_size=1, max_size=3), st.lists(st.integers(0, 400), max_size=30))
def test_restoring_gives_the_text_back_in_any_deltas(texts: list[str], cuts: list[int]) -> None:
    masker = Masker("EE", EE, NAMES)
    masked = [masker.mask(text) for text in texts]
    for text, one in zip(texts, masked, strict=True):
        assert restored(one, masker.masks, cuts) == text


@given(st.lists(st.tuples(st.sampled_from(ITEMS), st.sampled_from([", ", " ja ", "; ", "\n", " – see "])), min_size=1, max_size=8))
def test_masked_text_holds_none_of_the_originals(planted: list[tuple[str, str]]) -> None:
    masked = Masker("EE", EE).mask("".join(item + gap for item, gap in planted))
    assert not [item for item, _ in planted if item in masked]


def test_masking_is_reversible_and_stable() -> None:
    masker = Masker("EE", EE)
    masked = masker.mask("Kirjuta mari@kool.ee ja veel kord mari@kool.ee, siis jaan@kool.ee.")
    assert masked == "Kirjuta ⟦email-1⟧ ja veel kord ⟦email-1⟧, siis ⟦email-2⟧."
    assert "mari@kool.ee" not in repr(masker.masks)


def test_what_was_found_once_is_masked_wherever_it_stands_again() -> None:
    masker = Masker("EE", EE)
    assert masker.mask("x = 38001085718") == "x = 38001085718"
    assert masker.mask("Minu isikukood on 38001085718, niisiis x = 38001085718") == "Minu isikukood on ⟦identifier-1⟧, niisiis x = ⟦identifier-1⟧"
    assert masker.mask("x = 38001085718, y = 138001085718") == "x = ⟦identifier-1⟧, y = 138001085718"


def test_brackets_of_the_user_are_nobody_s_placeholder() -> None:
    masker = Masker("EE", EE)
    masked = masker.mask("mari@kool.ee ⟦email-1⟧ ⟦Email-1⟧")
    assert masked == "⟦email-1⟧ ⟦bracket-1⟧email-1⟧ ⟦bracket-1⟧Email-1⟧"
    assert restored(masked, masker.masks, []) == "mari@kool.ee ⟦email-1⟧ ⟦Email-1⟧"


def test_a_model_that_changes_a_placeholder_shows_nobody_s_data() -> None:
    masker = Masker("EE", EE)
    masker.mask("mari@kool.ee, jaan@kool.ee")
    said = "⟦EMAIL-2⟧ ⟦ email-1 ⟧ ⟦Email 1⟧ email-1 [email-1] ⟦email-1 ⟦email-9⟧ ⟦phone-1⟧ ⟦⟧ email-1⟧"
    shown = "jaan@kool.ee mari@kool.ee mari@kool.ee email-1 [email-1] ⟦email-1 ⟦email-9⟧ ⟦phone-1⟧ ⟦⟧ email-1⟧"
    for size in range(1, len(said)):
        assert restored(said, masker.masks, list(range(0, len(said), size))) == shown


def test_an_original_that_looks_like_a_placeholder_is_not_restored_twice() -> None:
    masks = (Mask("⟦email-1⟧", "email", "⟦email-2⟧"), Mask("⟦email-2⟧", "email", "jaan@kool.ee"))
    assert restored("⟦email-1⟧", masks, [3]) == "⟦email-2⟧"


def test_an_opening_bracket_alone_is_not_held_for_ever() -> None:
    masker = Masker("EE", EE)
    masker.mask("mari@kool.ee")
    unmasker = Unmasker(masker.masks)
    assert unmasker.feed("⟦ see on lihtsalt sulg tekstis, mitte kohatäide") == "⟦ see on lihtsalt sulg tekstis, mitte kohatäide"


def test_no_more_than_a_placeholder_is_ever_held() -> None:
    masker = Masker("EE", EE)
    masker.mask("mari@kool.ee")
    unmasker = Unmasker(masker.masks)
    given = shown = 0
    for letter in "⟦email-1⟧ ⟦email-⟦" * 2000:
        given += len(letter)
        shown += len(unmasker.feed(letter).replace("mari@kool.ee", "⟦email-1⟧"))
        assert given - shown <= 28


def test_a_recogniser_adds_kinds_of_its_own() -> None:
    class Ships:
        name = "ships"

        def find(self, text: str, language: str) -> list[Span]:
            at = text.find("Vanemuine")
            return [Span("Ship!", at, at + 9)] if at >= 0 and language == "et" else []

    masker = Masker("EE", EE, recognisers=(Ships(),))
    assert masker.mask("Laev Vanemuine", "et") == "Laev ⟦other-1⟧"
    assert masker.mask("Laev Vanemuine", "en") == "Laev Vanemuine"


def test_what_is_said_about_a_reply_hides_originals() -> None:
    masker = Masker("EE", EE)
    masker.mask("isikukood 38001085718 ja ⟦")
    assert hide("found '38001085718', which the rule forbids ⟦", masker.masks) == "found '⟦identifier-1⟧', which the rule forbids ⟦"
