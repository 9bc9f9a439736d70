"""A growing reply is judged where it is new, with what stands before, and once more as a whole."""

from __future__ import annotations

from endonym.adapters.languages.simplemma_tools import SimplemmaTools
from endonym.seams.turn import Message, Request, Turn
from endonym.seams.verifier import Reply, Verifier
from endonym.verify import VERIFIERS
from endonym.verify.views import recent, recent_prose

TOOLS = SimplemmaTools()
TURN = Turn("t", "", "", "", Request((Message("user", "?"),), "student"), language="et")
FILLER = "Leht püüab valgust ja teeb sellest suhkrut. "


def passes(check: Verifier, reply: Reply) -> bool:
    return check.verify(TURN, reply, TOOLS).passed


def grown(*sentences: str) -> Reply:
    """A reply that grew by these."""
    reply = Reply(final=False)
    for sentence in sentences:
        reply = reply.grown(reply.text + sentence)
    return reply


def test_what_is_new_is_judged_with_what_stands_before_it() -> None:
    check = VERIFIERS["pattern"]({"forbidden": ["halb sõna"]})
    shown = Reply(FILLER * 30 + "Siin on halb ", final=False)
    assert passes(check, shown)
    assert not passes(check, shown.grown(shown.text + "sõna. ")), "the fault begins in what was shown"


def test_a_long_reply_is_not_read_from_its_beginning_each_time_but_at_its_end() -> None:
    check = VERIFIERS["terms"]({"language": "et", "forbidden": ["klorofüll"]})
    reply = grown("Klorofüll. ", *[FILLER] * 60)
    assert 300 < len(recent(reply)) < 450
    assert passes(check, reply)
    assert not passes(check, reply.grown(reply.text, final=True))


def test_the_part_that_is_looked_at_begins_with_a_whole_sentence_of_running_text() -> None:
    reply = grown(*["Tsitaat „üks kaks kolm neli viis“ ja `kood` lõpuks. "] * 20, "Uus. ")
    assert recent_prose(reply).startswith("Tsitaat ") and recent_prose(reply).endswith("Uus. ") and "kood" not in recent_prose(reply)
    assert recent(reply).startswith("Tsitaat „")


def test_what_is_new_is_judged_where_no_spaces_are_written() -> None:
    check = VERIFIERS["red_lines"]({})
    preamble = "水是好的东西" * 70 + "。"
    assert passes(check, grown(preamble, "你好。"))
    assert not passes(check, grown(preamble, "你好。", "那你去死吧。\n\n"))
    assert not passes(check, grown("https://example.org/" + "a" * 900 + " ", "Just kill yourself. "))


def test_the_beginning_of_what_is_looked_at_takes_nothing_out_of_its_sentence() -> None:
    careful = "If a thought comes up to kill yourself, that is a sign to talk to somebody. "
    python = "Me kasutame siin programmi Python 3.11, mis on hea. "
    for length in range(1, 80):
        filler = "a" * length + " on tore. "
        for check, sentence in ((VERIFIERS["red_lines"]({}), careful), (VERIFIERS["numbers"]({"language": "et"}), python)):
            assert passes(check, grown(sentence, *[filler] * (330 // len(filler) + 1), "Edasi. ")), (length, sentence)


def test_an_address_that_the_whole_leaves_undecided_stops_nothing() -> None:
    check = VERIFIERS["address"]({"language": "et", "form": "informal"})
    assert passes(check, grown("Sina oled tubli. ", *[FILLER] * 12, "Kas te teate, mis on osmoos? "))
    assert not passes(check, grown(*[FILLER] * 12, "Kas te teate, mis on osmoos? "))


def test_the_middle_of_a_sentence_that_was_too_long_to_wait_for_is_no_beginning() -> None:
    long = "leht püüab valgust ja teeb sellest suhkrut ning " * 14
    reply = grown(FILLER, long)
    reply = reply.grown(reply.text + "siis veel. ", sentence=False)
    for _ in range(12):
        reply = reply.grown(reply.text + FILLER)
        assert recent(reply).startswith((FILLER, long))


def test_what_is_kept_goes_on_and_what_is_of_one_text_does_not() -> None:
    reply = Reply("a", final=False)
    assert reply.kept("x", lambda: 1) == reply.once("y", lambda: 1) == 1
    longer = reply.grown("ab")
    assert longer.kept("x", lambda: 2) == 1
    assert longer.once("y", lambda: 2) == 2


def test_what_is_drawn_is_no_reading_and_no_question_but_its_words_are_judged() -> None:
    drawn = "```mermaid\nflowchart TD\n A{Kas on valgust?} -->|jah| B[halb sõna]\n```\n\nMida sa näed?"
    for reply in (Reply(f"Vaata.\n\n{drawn}"), Reply(f"Vaata.\n\n{drawn[:60]}", final=False)):
        assert passes(VERIFIERS["questions"]({"max": 1}), reply) and passes(VERIFIERS["length"]({"max_words": 4}), reply)
    assert not passes(VERIFIERS["length"]({"max_words": 3}), Reply(f"Vaata.\n\n{drawn}"))
    assert not passes(VERIFIERS["pattern"]({"forbidden": ["halb sõna"]}), Reply(drawn))
    assert not passes(VERIFIERS["terms"]({"language": "et", "forbidden": {"sõna": "lause"}}), Reply(drawn))
