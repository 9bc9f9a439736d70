"""A pack taken apart for comparison: what is behaviour, what presentation, what accountability, and what a change comes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from endonym.pack.adaptations import NARROWER, Adaptation
from endonym.pack.lessons import Lesson, Task
from endonym.pack.load import Pack
from endonym.pack.locale import Help
from endonym.pack.manifest import LAYERS, extended_id
from endonym.pack.narrowing import (
    MINOR,
    PATCH,
    Direction,
    Weight,
    by_entries,
    by_number,
    by_options,
    by_reach,
    by_trigger,
    of_rule,
    of_withholding,
)
from endonym.pack.parts import Entry, Kind, Part, Sorting, listed, major, parts_of, patch, prose_part, shown
from endonym.pack.sources import Source
from endonym.pack.tables import Outcome, Term
from endonym.seams.passage import Passage
from endonym.spec import Example
from endonym.spec.render import render_example

WITHHOLDING = ("override", "omit")


def entries(pack: Pack, lawful: frozenset[str], *, registers: bool) -> dict[tuple[Kind, str], Entry]:
    """Everything in a pack but its interface strings, by kind and id, in a fixed order.

    Args:
        lawful: Ids of the sources that something on the basis of law rests on.
        registers: Whether all that the registers of documents say is known; a bundle holds only what its passages need.
    """
    found: dict[tuple[Kind, str], Entry] = {}
    for entry in _all(pack, lawful, registers):
        key, again = (entry.kind, entry.id), 1
        while key in found:  # the checker reports an id that stands twice
            again += 1
            key = (entry.kind, f"{entry.id} ({again})")
        found[key] = replace(entry, id=key[1])
    return found


def _all(pack: Pack, lawful: frozenset[str], registers: bool) -> Iterator[Entry]:
    yield _manifest(pack)
    yield from _audiences(pack)
    yield from map(_adaptation, pack.adaptations)
    yield from (_source(source, source.id in lawful) for source in pack.sources)
    yield from map(_outcome, pack.outcomes)
    yield from map(_lesson, pack.lessons)
    yield from _documents(pack, registers)
    yield from (_passage(passage, pack) for passage in pack.passages)
    yield from map(_term, pack.glossary)
    yield _locale(pack)
    yield from (_help(entry, number, pack) for number, entry in enumerate(pack.locale.help))
    for case in pack.cases:
        yield Entry("case", case.id, " ".join(case.turns), case.file, case.line, parts_of(case, Sorting(default="accountability"), {}),
                    "accountability", PATCH, PATCH, case.language)  # fmt: skip
    changelog = {"text": prose_part(pack.changelog, patch, group="presentation")}
    yield Entry("changelog", "CHANGELOG.md", "", f"{pack.folder.name}/CHANGELOG.md", 1, changelog, "presentation", PATCH, PATCH)


# pack.toml


def _extends(before: Any, after: Any) -> Weight:
    """A range may change; a pack that is no longer extended takes away what it holds."""
    gone = {extended_id(item) for item in before} - {extended_id(item) for item in after}
    return Weight("wider", "major") if gone else MINOR


def _languages(before: Any, after: Any) -> Weight:
    return Weight(by_entries("wider", before, after), "minor" if set(before) <= set(after) else "major")


def _layer(before: Any, after: Any) -> Weight:
    """A higher layer speaks with less authority."""
    return of_rule("wider" if LAYERS.index(after) > LAYERS.index(before) else "narrower")


def _gate(before: Any, after: Any) -> Weight:
    return of_rule(by_number(max, before, after))


_MANIFEST = Sorting(
    presentation=frozenset({"title", "description"}),
    accountability=frozenset({"status", "licence", "maintainers", "todo", "suppress"}),
    prose=frozenset({"title", "description"}),
    skip=frozenset({"format", "version", "audiences", "gates"}),  # the version stands over the differences
    weigh={"extends": _extends, "base_spec": major,
           "languages": _languages,
           "capabilities": lambda before, after: of_rule(by_entries("wider", before, after))},
)  # fmt: skip
_AUDIENCE = Sorting(presentation=frozenset({"title"}), prose=frozenset({"title"}),
                    weigh={"minors": lambda before, after: of_rule("narrower" if after else "wider")})  # fmt: skip


def _manifest(pack: Pack) -> Entry:
    manifest, lines = pack.manifest, pack.keys.get("pack.toml", {})
    parts = parts_of(manifest, _MANIFEST, lines)
    parts["id"] = Part("behaviour", manifest.id, manifest.id, major, line=lines.get("id", 0))
    parts["layer"] = Part("behaviour", manifest.layer, manifest.layer, _layer, line=lines.get("layer", 0))
    for name, value in manifest.gates:
        parts[f"gates.{name}"] = Part("behaviour", value, str(value), _gate, line=lines.get(f"gates.{name}", 0))
    return Entry("pack", "pack.toml", "", f"{pack.folder.name}/pack.toml", 1, parts)






def _audiences(pack: Pack) -> Iterator[Entry]:
    lines = pack.keys.get("pack.toml", {})
    for name, audience in pack.manifest.audiences.items():
        yield Entry("audience", name, "minors" if audience.minors else "no minors", f"{pack.folder.name}/pack.toml",
                    lines.get(f"audiences.{name}", 0), parts_of(audience, _AUDIENCE, lines, f"audiences.{name}."))  # fmt: skip


# adaptations

_ADAPTATION = Sorting(
    presentation=frozenset({"title", "why"}),
    accountability=frozenset({"decided_by", "decided_on", "review_by", "judged_by"}),
    prose=frozenset({"title", "why", "instruction", "summary", "disclosure"}),
    skip=frozenset({"adapts", "audience", "applies", "trigger", "sets", "verify", "examples"}),
    weigh={"effect": lambda before, after: Weight("", "major" if after in WITHHOLDING else "minor"),
           "disclosure": lambda before, after: Weight("", "minor" if after else "major")},
)  # fmt: skip
_UNLAWFUL = replace(_ADAPTATION, accountability=_ADAPTATION.accountability | {"cites"})


def _adaptation(rule: Adaptation) -> Entry:
    withholds = rule.effect in WITHHOLDING
    weight = of_withholding if withholds else of_rule
    parts = parts_of(rule, _ADAPTATION if rule.basis == "law" else _UNLAWFUL, rule.lines)
    parts |= {name: replace(part, line=part.line or rule.lines.get(name, rule.line)) for name, part in _rule_parts(rule, weight)}
    parts |= dict(_examples(rule))
    narrower: Direction = "narrower" if rule.effect != "override" else ""
    wider: Direction = "wider" if narrower else ""
    language = "en" if "en" in rule.summary else next(iter(rule.summary), "")
    return Entry("adaptation", rule.id, f"{rule.effect}, {rule.basis}: {rule.summary.get(language, rule.title)}", rule.file, rule.line,
                 parts, added=Weight(narrower, "major" if withholds else "minor"),
                 removed=Weight(wider, "minor" if withholds else "major"), language=language)  # fmt: skip


def _rule_parts(rule: Adaptation, weight: Any) -> Iterator[tuple[str, Part]]:
    def reach(before: Any, after: Any) -> Weight:
        found: Weight = weight(by_reach(before or (), after or ()))
        return found

    def fires(before: Any, after: Any) -> Weight:
        found: Weight = weight(by_trigger(before, after))
        return found

    yield "adapts", Part("behaviour", rule.adapts or "", rule.adapts or "no section", major)
    yield "audience", Part("behaviour", rule.audience, shown(rule.audience) or "everybody", reach)
    for key, values in rule.applies.items():
        yield f"applies.{key}", Part("behaviour", values, shown(values), reach)
    if rule.trigger:
        yield "trigger", Part("behaviour", rule.trigger, shown(rule.trigger), fires, items=listed(rule.trigger))
    for name, value in rule.sets:
        if value is not None:
            yield f"sets.{name}", Part("behaviour", value, str(value), partial(_setting, name))
    for number, check in enumerate(rule.verify):
        again = sum(other.use == check.use for other in rule.verify[:number])
        line = rule.lines.get(f"verify.{number}", 0)
        yield (f"verify.{check.use}" + (f".{again + 1}" if again else ""),
               Part("behaviour", check.options, shown(check.options) or "on", partial(_check, check.use), line=line,
                    items=listed(check.options)))  # fmt: skip


def _setting(name: str, before: Any, after: Any) -> Weight:
    return of_rule(by_number(NARROWER[name], before, after)) if name in NARROWER else MINOR


def _check(use: str, before: Any, after: Any) -> Weight:
    return of_rule(by_options(use, before, after))


def _examples(rule: Adaptation) -> Iterator[tuple[str, Part]]:
    for number, example in enumerate(rule.examples):
        again = sum(other.title == example.title for other in rule.examples[:number])
        name = f"example {example.title or 'without a title'}" + (f" ({again + 1})" if again else "")
        yield name, prose_part(_conversation(example), patch, group="presentation", line=example.line)


def _conversation(example: Example) -> str:
    """An example as it stands in a file, without its title."""
    return "\n".join(list(render_example(example))[2:])


# sources, outcomes, documents and passages, terms


def _status(before: Any, after: Any) -> Weight:
    """A term that is forbidden binds the assistant, yet protects nobody: it never makes a major version."""
    return Weight("narrower" if after == "forbidden" else "wider" if before == "forbidden" else "", "minor")


_BINDING = frozenset({"force", "valid_from", "valid_until", "applies_from", "kind", "jurisdiction", "scheme", "identifier", "pinpoint"})
_SOURCE = Sorting(
    presentation=frozenset({"title", "title_en", "issuer", "paraphrase", "quote", "url", "languages", "translations"}),
    accountability=frozenset({"version", "licence", "retrieved", "sha256", "verified_by", "verified_on"}),
    prose=frozenset({"title", "title_en", "paraphrase", "quote"}),
)  # fmt: skip
_UNBINDING = replace(_SOURCE, accountability=_SOURCE.accountability | _BINDING)
_OUTCOME = Sorting(accountability=frozenset({"source"}), prose=frozenset({"statement"}), skip=frozenset({"code", "language"}))
_TERM = Sorting(accountability=frozenset({"source"}), prose=frozenset({"definition"}), skip=frozenset({"concept", "language", "term"}),
                weigh={"status": _status})  # fmt: skip


def _source(source: Source, lawful: bool) -> Entry:
    lines = dict.fromkeys(Source.model_fields, source.line)
    return Entry("source", source.id, f"{source.title} {source.pinpoint}".strip(), source.file, source.line,
                 parts_of(source, _SOURCE if lawful else _UNBINDING, lines), "accountability", PATCH, PATCH)  # fmt: skip


def _outcome(outcome: Outcome) -> Entry:
    lines = dict.fromkeys(Outcome.model_fields, outcome.line)
    return Entry("outcome", f"{outcome.code} ({outcome.language})", outcome.statement, outcome.file, outcome.line,
                 parts_of(outcome, _OUTCOME, lines, language=outcome.language), language=outcome.language)  # fmt: skip


def _documents(pack: Pack, registers: bool) -> Iterator[Entry]:
    """What passages say of the document that they stand in, once for each document."""
    registered = {entry.id: entry for entry in pack.documents}
    for passage in {passage.document: passage for passage in reversed(pack.passages)}.values():
        entry = registered.get(passage.document)
        sources = entry.sources if entry and registers else (passage.source,) if passage.source else ()
        parts = {name: Part("behaviour", value, shown(value)) for name in ("language", "subject", "grades", "audiences")
                 for value in (getattr(passage, name),)}  # fmt: skip
        parts |= {name: Part("accountability", getattr(passage, name), getattr(passage, name), patch)
                  for name in ("licence", "author", "reviewed_by")}  # fmt: skip
        parts["sources"] = Part("accountability", sources, shown(sources), patch)
        parts["title"] = prose_part(passage.document_title, patch, group="presentation", language=passage.language)
        file, line = (entry.register_file, entry.line) if entry else ("", 0)
        yield Entry("document", passage.document, passage.document_title, file, line, parts, language=passage.language)


def _passage(passage: Passage, pack: Pack) -> Entry:
    file, line = pack.places.get(passage.id, ("", 0))
    parts = {"title": prose_part(passage.title, patch, group="presentation", language=passage.language),
             "text": prose_part(passage.text, language=passage.language)}  # fmt: skip
    return Entry("passage", passage.id, passage.title, file, line, parts, language=passage.language)


def _term(term: Term) -> Entry:
    lines = dict.fromkeys(Term.model_fields, term.line)
    forbidden = term.status == "forbidden"
    return Entry("term", f"{term.term} ({term.language})", f"{term.status} for {term.concept}", term.file, term.line,
                 parts_of(term, _TERM, lines, language=term.language), added=Weight("narrower" if forbidden else "", "minor"),
                 removed=Weight("wider" if forbidden else "", "minor"))  # fmt: skip



# lessons

_LESSON = Sorting(
    presentation=frozenset({"title"}), accountability=frozenset({"reviewed_by"}), prose=frozenset({"title", "matter", "explain", "diagram"}),
    skip=frozenset({"language", "subject", "diagnose", "hints", "misconceptions", "check", "transfer"}),
    weigh={"protects": lambda before, after: of_rule(by_entries("narrower", before, after))},
)  # fmt: skip


def _lesson(lesson: Lesson) -> Entry:
    parts = parts_of(lesson, _LESSON, lesson.lines, language=lesson.language)
    for name, text in _written(lesson):
        parts[name] = prose_part(text, language=lesson.language, line=lesson.lines.get(name, 0))
    return Entry("lesson", f"{lesson.id} ({lesson.language})", lesson.title, lesson.file, 1, parts, language=lesson.language)


def _written(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """The parts that are lists of their own, as they stand in the file."""
    for name, task in (("diagnose", lesson.diagnose), ("check", lesson.check), ("transfer", lesson.transfer)):
        yield name, _task(task)
    yield "hints", "\n".join(f"{number}. {hint}" for number, hint in enumerate(lesson.hints, 1))
    yield "misconceptions", "\n".join(f"- {m.belief} {_recogniser(m.groups)}\n  > {m.reply}" for m in lesson.misconceptions)


def _task(task: Task) -> str:
    return "\n".join((task.question, *(f"- {idea.text} {_recogniser(idea.groups)}" for idea in task.ideas)))


def _recogniser(groups: tuple[tuple[str, ...], ...]) -> str:
    return " + ".join(f"{{{', '.join(group)}}}" for group in groups)


# locale.toml

_LOCALE = Sorting(
    presentation=frozenset({"grades", "languages"}), skip=frozenset({"formats", "help"}),
    weigh={"identifiers": lambda before, after: of_rule(by_entries("narrower", before, after)),
           "phone_region": lambda before, after: Weight("", "minor" if after else "major")},
)  # fmt: skip
_FORMATS = Sorting(accountability=frozenset({"source"}))
_HELP = Sorting(
    presentation=frozenset({"title"}), accountability=frozenset({"source", "verified_by", "verified_on"}), prose=frozenset({"title"}),
    weigh={"topics": lambda before, after: Weight("", "minor" if set(before) <= set(after) else "major")},
)  # fmt: skip


def _locale(pack: Pack) -> Entry:
    lines = pack.keys.get("locale.toml", {})
    parts = parts_of(pack.locale, _LOCALE, lines)
    formats = parts_of(pack.locale.formats, _FORMATS, lines, "formats.")
    return Entry("locale", "locale.toml", "", _locale_file(pack), 1 if lines else 0, parts | {f"formats.{k}": v for k, v in formats.items()})


def _help(entry: Help, number: int, pack: Pack) -> Entry:
    lines = pack.keys.get("locale.toml", {})
    at = f"help.{number}."
    line = lines.get(at.rstrip("."), 0)
    name = entry.title.get("en") or next(iter(entry.title.values()), "")
    parts = {key: replace(part, line=part.line or line) for key, part in parts_of(entry, _HELP, lines, at).items()}
    return Entry("help line", entry.id, f"{name} {entry.number}", _locale_file(pack), line, parts)


def _locale_file(pack: Pack) -> str:
    """Nothing where the locale is that of a whole stack and stands in no one file."""
    return f"{pack.folder.name}/locale.toml" if pack.keys.get("locale.toml") else ""
