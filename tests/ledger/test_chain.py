from dataclasses import replace

from endonym.ledger import GENESIS, Entry, first_break, link


def chain(count: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, count + 1):
        entries.append(link(number, {"turn": f"t{number}"}, entries[-1].digest if entries else GENESIS))
    return entries


def test_a_whole_chain_has_no_break() -> None:
    assert first_break(chain(5)) is None


def test_changing_removing_or_moving_an_entry_is_seen() -> None:
    whole = chain(5)
    changed = [*whole[:2], replace(whole[2], content={"turn": "other"}), *whole[3:]]
    removed = [*whole[:2], *whole[3:]]
    moved = [whole[0], whole[2], whole[1], *whole[3:]]
    assert [first_break(entries) for entries in (changed, removed, moved)] == [3, 3, 2]


def test_rewriting_an_entry_with_its_own_digest_breaks_the_next() -> None:
    whole = chain(4)
    forged = [whole[0], link(2, {"turn": "forged"}, whole[0].digest), *whole[2:]]
    assert first_break(forged) == 3
