"""What packs decide, topic by topic, so that the packs of several countries can be laid side by side.

Topics come from what packs hold; which countries there are is written nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, Literal

from endonym.pack.adaptations import NARROWER, Adaptation
from endonym.pack.entries import WITHHOLDING
from endonym.pack.narrowing import OPTIONS, Direction, by_entries, by_number, by_options, by_reach, together
from endonym.pack.parts import shown
from endonym.pack.sources import Source
from endonym.pack.stack import PackStack
from endonym.web.languages import language_name

Verdict = Literal["same", "stricter", "wider", "different"]
_VERDICTS: Mapping[Direction, Verdict] = {"narrower": "stricter", "wider": "wider", "": "different"}

LANGUAGE, EXAMINATIONS, ADDRESS = "language_of_reply", "keep_examinations_fair", "form_of_address"
"""Sections of the shipped base spec that a topic shows whole."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a stance rests on: an adaptation, or an entry of locale.toml.

    Attributes:
        text: The summary, in the reader's language where the pack has it.
        language: Of the text.
        checked: Names of the verifiers; empty where people judge.
    """

    id: str
    pack: str
    text: str
    language: str
    effect: str = ""
    basis: str = ""
    checked: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Stance:
    """What a stack decides in one matter.

    Attributes:
        value: What is compared; the same type for every stack.
        shown: The value in a few English words, "" where only its grounds tell.
    """

    value: Any
    shown: str = ""
    grounds: tuple[Ground, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """A matter in which stacks are compared.

    Attributes:
        stance: What a stack decides, or `None` where it says nothing; the second argument is the reader's language.
        judge: (value of the first stack or `None` where it says nothing, value of another one) to (verdict on the other,
            whether a machine proved it).
        strictest: Of several values the strictest, where that can be told.
    """

    kind: Literal["topic", "section"]
    id: str
    title: str
    stance: Callable[[PackStack, str], Stance | None]
    judge: Callable[[Any, Any], tuple[Verdict, bool]]
    strictest: Callable[[Iterable[Any]], Any] | None = None


def topics(stacks: Sequence[PackStack]) -> Iterator[Topic]:
    """The topics of these stacks, then the sections of their base specs that somebody adapts, in the order of the spec."""
    for name, narrower in NARROWER.items():
        title = _SETTINGS.get(name, name.replace("_", " ").capitalize())
        yield Topic("topic", name, title, partial(_setting, name), partial(_number, narrower), partial(reduce, narrower))
    yield Topic("topic", "language", "Language of instruction", _language, _equal)
    yield Topic("topic", "disclosure", "What is left out or overridden, and disclosed", _withheld, judge_rules)
    yield Topic("topic", "examinations", "Examinations", _examinations, judge_rules)
    yield Topic("topic", "minors", "Minors", _minors, _judge_minors)
    yield Topic("topic", "capabilities", "Capabilities that assess or profile", _capabilities, partial(_entries, "wider"))
    yield Topic("topic", "pass_rate", "Pass rate that an evaluation must reach", _gate, partial(_number, max), max)
    for topic in dict.fromkeys(topic for stack in stacks for entry in stack.locale.help for topic in entry.topics):
        title = f"Help line: {topic.replace('_', ' ')}"
        yield Topic("topic", f"help.{topic}", title, partial(_help, topic), _equal)
    yield Topic("topic", "address", "Form of address", _address, _judge_address)
    yield Topic("topic", "identifiers", "Identifiers masked", _identifiers, _equal)
    yield Topic("topic", "formats", "Formats that the country states", _formats, _equal)
    yield from _sections(stacks)


_SETTINGS = {"consent_age": "Age of consent", "retention_days": "Days that conversations are kept"}


def _sections(stacks: Sequence[PackStack]) -> Iterator[Topic]:
    adapted = {rule.adapts for stack in stacks for rule in stack.adaptations}
    titles = {section.id: section.title for stack in stacks for section in stack.spec.sections}
    for section, title in titles.items():
        if section in adapted - {LANGUAGE, EXAMINATIONS, ADDRESS}:
            yield Topic("section", section, title, partial(_section, section), judge_rules)
    if None in adapted:
        yield Topic("section", "", "Beyond the base spec", partial(_section, None), judge_rules)


def _grounds(stack: PackStack, rules: Iterable[Adaptation], reader: str) -> tuple[Ground, ...]:
    sources = stack.sources
    return tuple(
        Ground(rule.id, rule.pack, *text_for(rule.summary, reader), rule.effect, rule.basis, tuple(check.use for check in rule.verify),
               tuple(sources[name] for name in rule.cites if name in sources))
        for rule in rules
    )  # fmt: skip


def text_for(texts: Mapping[str, str], reader: str) -> tuple[str, str]:
    """(the text for a reader of `reader`, its language): in that language, else in English, else in the first there is."""
    language = next((tag for tag in (reader, reader.split("-")[0], "en") if tag in texts), next(iter(texts), ""))
    return texts.get(language, ""), language


# what a stack decides


def _ruled(stack: PackStack, rules: Sequence[Adaptation], reader: str, text: str = "") -> Stance | None:
    return Stance(tuple(rules), text, _grounds(stack, rules, reader)) if rules else None


def _section(section: str | None, stack: PackStack, reader: str) -> Stance | None:
    return _ruled(stack, [rule for rule in stack.adaptations if rule.adapts == section], reader)


def _setting(name: str, stack: PackStack, reader: str) -> Stance | None:
    rules = [rule for rule in stack.adaptations if getattr(rule.sets, name) is not None]
    value = reduce(NARROWER[name], (getattr(rule.sets, name) for rule in rules)) if rules else None
    return Stance(value, str(value), _grounds(stack, rules, reader)) if rules else None


def _language(stack: PackStack, reader: str) -> Stance | None:
    rules = [rule for rule in stack.adaptations if rule.adapts == LANGUAGE or any(check.use == "language" for check in rule.verify)]
    checks = [check.options for rule in rules for check in rule.verify if check.use == "language"]
    value = tuple(sorted({_policy(**options) for options in checks}))
    text = "; ".join(f"{_POLICIES[policy]} {', '.join(language_name(tag, 'en') for tag in allowed)}" for policy, *allowed in value)
    return Stance(value, text, _grounds(stack, rules, reader)) if rules else None


def _policy(policy: str = "instruction", allowed: Sequence[str] = (), **_: Any) -> tuple[str, ...]:
    return (policy, *(allowed[:1] if policy == "fixed" else allowed))


_POLICIES = {"instruction": "the language of instruction among", "fixed": "always", "follow": "the language of the question among"}


def _withheld(stack: PackStack, reader: str) -> Stance | None:
    rules = [rule for rule in stack.adaptations if rule.effect in WITHHOLDING]
    counts = {effect: sum(rule.effect == effect for rule in rules) for effect in ("omit", "override")}
    return _ruled(stack, rules, reader, ", ".join(f"{effect} {count}" for effect, count in counts.items() if count))


def _examinations(stack: PackStack, reader: str) -> Stance | None:
    return _ruled(stack, [rule for rule in stack.adaptations if rule.adapts == EXAMINATIONS or "examination" in rule.applies], reader)


def _minors(stack: PackStack, reader: str) -> Stance | None:
    value = {name: audience.minors for name, audience in stack.audiences.items()}
    text = ", ".join(f"{name}: {'minors' if minors else 'no minors'}" for name, minors in value.items())
    return Stance(value, text) if value else None


def _capabilities(stack: PackStack, reader: str) -> Stance:
    value = tuple(dict.fromkeys(name for pack in stack.packs for name in pack.manifest.capabilities))
    return Stance(value, ", ".join(value) or "none")


def _gate(stack: PackStack, reader: str) -> Stance | None:
    value = max(pack.manifest.gates.pass_rate for pack in stack.packs)
    return Stance(value, f"{value:.0%}") if value else None


def _help(topic: str, stack: PackStack, reader: str) -> Stance | None:
    sources, found = stack.sources, [entry for entry in stack.locale.help if topic in entry.topics]
    grounds = []
    for entry in found:
        title, language = text_for(entry.title, reader)
        text = f"{title} {entry.number}" + (f" ({entry.hours})" if entry.hours else "")
        grounds.append(Ground(entry.id, "", text, language, sources=(sources[entry.source],) if entry.source in sources else ()))
    value = frozenset(entry.number for entry in found)
    return Stance(value, ", ".join(entry.number for entry in found), tuple(grounds)) if found else None


def _address(stack: PackStack, reader: str) -> Stance | None:
    value = stack.locale.address
    text = ", ".join(f"{language_name(tag, 'en')} {form}" for tag, form in value.items())
    rules = [rule for rule in stack.adaptations if rule.adapts == ADDRESS]
    return Stance(value, text, _grounds(stack, rules, reader)) if value or rules else None


def _identifiers(stack: PackStack, reader: str) -> Stance | None:
    value = stack.locale.identifiers
    return Stance(frozenset(value), ", ".join(value)) if value else None


def _formats(stack: PackStack, reader: str) -> Stance | None:
    formats = stack.locale.formats
    value = formats.model_dump(exclude_defaults=True, exclude={"source"})
    source = stack.sources.get(formats.source)
    grounds = (Ground("formats", "", "", "", sources=(source,)),) if source else ()
    text = ", ".join(f"{name.replace('_', ' ')} {part if len(part) > 2 else repr(part)}" for name, part in value.items())
    return Stance(value, text, grounds) if value else None


# how two of them compare


def _equal(one: Any, other: Any) -> tuple[Verdict, bool]:
    return ("same" if one == other else "different"), True


def _number(narrower: Callable[[Any, Any], Any], one: Any, other: Any) -> tuple[Verdict, bool]:
    """`None` is no limit."""
    return ("same" if one == other else _VERDICTS[by_number(narrower, one, other)]), True


def _entries(more: Direction, one: Any, other: Any) -> tuple[Verdict, bool]:
    one = one or ()
    return ("same" if set(one) == set(other) else _VERDICTS[by_entries(more, one, other)]), True


def _judge_minors(one: Mapping[str, bool] | None, other: Mapping[str, bool]) -> tuple[Verdict, bool]:
    one = one or {}
    found: list[Direction] = ["narrower" if other[name] else "wider" for name in one if name in other and one[name] != other[name]]
    return ("same" if one == other else _VERDICTS[together(found)]), True


def _judge_address(one: Mapping[str, str] | None, other: Mapping[str, str]) -> tuple[Verdict, bool]:
    """By the languages that both have."""
    both = [tag for tag in one or () if tag in other]
    return ("same" if one and both and all(one[tag] == other[tag] for tag in both) else "different"), True


def judge_rules(one: Sequence[Adaptation] | None, other: Sequence[Adaptation]) -> tuple[Verdict, bool]:
    """Rules are the same where they say the same, or where all that machines check of them is; numbers can be stricter.

    What is left out or overridden is the same only where the rules say the same. Rules that only narrow the base spec are
    stricter than none, as far as people judge that they do.
    """
    if one is None:
        return ("different" if any(rule.effect in WITHHOLDING for rule in other) else "stricter"), False
    if {_substance(rule) for rule in one} == {_substance(rule) for rule in other}:
        return "same", True
    if any(rule.effect in WITHHOLDING for rule in (*one, *other)):
        return "different", False
    mine, theirs = _checked(one), _checked(other)
    if not mine or set(mine) != set(theirs):
        return "different", False
    found = [_by_check(name, mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]]
    return ("same", True) if not found else (_VERDICTS[together(found)], bool(together(found)))


def _substance(rule: Adaptation) -> str:
    return shown(rule.model_dump(mode="json", include={"adapts", "effect", "audience", "applies", "instruction", "verify", "trigger", "sets"}))


_Checked = tuple[Any, tuple[str, ...], dict[str, tuple[str, ...]]]
"""(options of a verifier or a typed setting, audience, applies)."""


def _checked(rules: Sequence[Adaptation]) -> dict[str, _Checked]:
    """What machines check in the rules, by name and number."""
    found: dict[str, _Checked] = {}
    for rule in rules:
        parts: list[tuple[str, Any]] = [(name, value) for name, value in rule.sets if value is not None]
        parts += [(check.use, check.options) for check in rule.verify]
        for name, value in parts:
            again = sum(key.partition(" ")[0] == name for key in found)
            found[f"{name} {again + 1}"] = (value, rule.audience, {str(key): values for key, values in rule.applies.items()})
    return found


def _by_check(name: str, one: _Checked, other: _Checked) -> Direction:
    """A list of words or languages is the country's own: a longer one is not stricter, it is another."""
    use = name.partition(" ")[0]
    found: list[Direction] = []
    if one[0] != other[0]:
        if use in NARROWER:
            found.append(by_number(NARROWER[use], one[0], other[0]))
        else:
            found.append(by_options(use, one[0], other[0]) if use in OPTIONS else "")
    if one[1] != other[1]:
        found.append(by_reach(one[1], other[1]))
    if one[2] != other[2]:
        found.append(by_entries("wider", one[2].items(), other[2].items()))  # each condition more is met less often
    return together(found)
