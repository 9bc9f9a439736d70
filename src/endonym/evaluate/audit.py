"""Whether a running server does what a published bundle says, as far as that can be seen from outside."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from endonym.assistant.extension import disclosure_text
from endonym.assistant.recognise import trigger_matches
from endonym.assistant.rules import active, describe, reply_language
from endonym.bundle import Bundle
from endonym.core.errors import EngineError, RequestError
from endonym.evaluate.samples import Sample, gather_samples
from endonym.evaluate.server import Said, Server, object_of, objects_of
from endonym.pack.adaptations import Adaptation
from endonym.seams.dialogue import Dialogue
from endonym.seams.language import LanguageTools
from endonym.seams.passage import Passage
from endonym.seams.turn import Disclosure, OutcomeRef, Request, Turn
from endonym.seams.verifier import Reply
from endonym.verify import VERIFIERS
from endonym.web.phrases import Phrases

_RULE_FIELDS = ("title", "pack", "layer", "adapts", "effect", "basis", "summary")
_MODEL_FIELDS = ("digest", "minors", "languages", "status")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that the server says of itself. Attributes: agrees: None where it did not say."""

    what: str
    expected: str
    found: str
    agrees: bool | None


@dataclass(frozen=True, slots=True)
class Probed:
    """One reply, judged.

    Attributes:
        checks: Verifiers of the bundle that ran here on the reply.
        disclosures: Kinds that the reply carries.
        faults: Where reply and bundle contradict each other.
        refusal: Why there is no reply, or "".
    """

    sample: str
    audience: str
    streamed: bool
    language: str = ""
    engine: str = ""
    rules: int = 0
    checks: int = 0
    disclosures: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit found. Attributes: seed: Chooses the same probes again."""

    bundle: str
    digest: str
    seed: int
    statements: tuple[Statement, ...]
    probes: tuple[Probed, ...]

    @property
    def contradictions(self) -> tuple[str, ...]:
        said = (f"{s.what}: expected {s.expected}, found {s.found}" for s in self.statements if s.agrees is False)
        return (*said, *(f"{probe.sample}: {fault}" for probe in self.probes for fault in probe.faults))

    @property
    def answered(self) -> int:
        return sum(not probe.refusal for probe in self.probes)


def audit(
    server: Server, bundle: Bundle, tools: LanguageTools, most: int, seed: int, progress: Callable[[str], None] = lambda note: None
) -> Audited:  # fmt: skip
    """Compare a running server with a bundle.

    Args:
        most: How many replies to ask for.

    Raises:
        EngineUnavailable: The server cannot be reached.
    """
    statements = [*_health(server, bundle), *_models(server, bundle)]
    probes: list[Probed] = []
    closed: set[str] = set()
    judge = Judge(bundle, tools)
    answered = 0
    for sample in _chosen(bundle, seed):
        if answered >= most:
            break
        audience = sample.request.audience
        if audience in closed:
            continue
        progress(f"asking: {answered + 1} of {most} probes")
        streamed = answered % 2 == 1
        try:
            said = server.ask(sample.request, f"{bundle.id}/{audience}", stream=streamed)
        except EngineError as error:
            said = Said(refusal=error.message, status=0)
        if said.refusal:
            probes.append(Probed(sample.id, audience, streamed, refusal=said.refusal))
            if said.status in (401, 403, 404):
                closed.add(audience)
            elif len([probe for probe in probes if probe.refusal]) >= most:
                break
            continue
        answered += 1
        probes.append(judge(sample, said, streamed=streamed))
    return Audited(bundle.id, bundle.digest, seed, tuple(statements), tuple(probes))


def _chosen(bundle: Bundle, seed: int) -> list[Sample]:
    """Samples in a random order, those that law affects and those of each audience in turn, so that few show much."""
    samples = list(gather_samples(bundle))
    random.Random(seed).shuffle(samples)
    triggers = {a.id for a in bundle.contents.adaptations if a.trigger}
    kinds: dict[tuple[str, bool], list[Sample]] = {}
    for sample in samples:
        kinds.setdefault((sample.request.audience, sample.id.partition("/")[0] in triggers), []).append(sample)
    ordered: list[Sample] = []
    while kinds:
        for key in list(kinds):
            ordered.append(kinds[key].pop())
            if not kinds[key]:
                del kinds[key]
    return ordered


def _health(server: Server, bundle: Bundle) -> Iterator[Statement]:
    answer = server.get("/healthz")
    bundles = object_of(answer.body.get("bundles"))
    found = str(bundles.get(bundle.id, "")) or (f"other bundles: {', '.join(sorted(map(str, bundles)))}" if bundles else f"none ({answer.reason})")
    yield Statement("/healthz, digest", bundle.digest, found, found == bundle.digest)


def _models(server: Server, bundle: Bundle) -> Iterator[Statement]:
    answer = server.get("/v1/models")
    if answer.status in (401, 403):
        yield Statement("/v1/models", "audiences and languages", f"{answer.reason} (give --key)", None)
        return
    models = {str(model.get("id")): object_of(model.get("endonym")) for model in objects_of(answer.body.get("data"))}
    audiences = bundle.contents.head.audiences
    here = sorted(name.partition("/")[2] for name in models if name.startswith(f"{bundle.id}/"))
    yield Statement("/v1/models, audiences", ", ".join(sorted(audiences)), ", ".join(here) or f"none ({answer.reason})", here == sorted(audiences))
    for name, audience in audiences.items():
        if not (said := models.get(f"{bundle.id}/{name}")):
            continue
        expected = {"digest": bundle.digest, "minors": audience.minors, "languages": list(bundle.languages), "status": bundle.contents.head.status}
        wrong = [one for one in _MODEL_FIELDS if said.get(one) != expected[one]]
        what = f"/v1/models, {name}"
        if wrong:
            yield from (Statement(f"{what}, {one}", _shown(expected[one]), _shown(said.get(one)), False) for one in wrong)
        else:
            yield Statement(what, ", ".join(bundle.languages), ", ".join(bundle.languages), True)


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class Judge:
    """Judges replies by a bundle, with nothing but what the reply itself says and what the bundle holds."""

    def __init__(self, bundle: Bundle, tools: LanguageTools) -> None:
        self._bundle = bundle
        self._tools = tools
        self._phrases = Phrases(bundle.contents.interface)
        self._outcomes = {(outcome.code, outcome.statement) for outcome in bundle.contents.outcomes}
        self._glossary = tuple((term.term, term.definition) for term in bundle.contents.glossary if term.definition)

    def __call__(self, sample: Sample, said: Said, *, streamed: bool) -> Probed:
        given = said.extension
        if not given:
            return Probed(sample.id, sample.request.audience, streamed, faults=("the reply carries no object `endonym`",))
        language, lesson = str(given.get("language", "")), str(given.get("lesson", ""))
        subject = sample.request.subject or lesson.partition("/")[0]
        rules = active(self._bundle, sample.request, subject=subject, language=language)
        affected = tuple(rule.id for rule in rules if self._met(rule, sample.request))
        disclosures = tuple(Disclosure(str(one.get("kind", "")), str(one.get("text", "")), str(one.get("rule", "")), inline=one.get("inline") is True)
                            for one in objects_of(given.get("disclosures")))  # fmt: skip
        turn = Turn(
            str(given.get("trace_id", "")), "", str(given.get("bundle", "")), f"{self._bundle.id}/{sample.request.audience}", sample.request,
            language=language, subject=subject, rules=tuple(describe(self._bundle, rule, language) for rule in rules),
            engine=str(given.get("engine", "")), affected=affected, disclosures=disclosures, passages=self._passages(given),
            dialogue=self._dialogue(sample, given, lesson, language), glossary=self._glossary,
            outcomes=tuple(OutcomeRef(str(one.get("code")), str(one.get("statement")), str(one.get("source"))) for one in objects_of(given.get("outcomes"))),
        )  # fmt: skip
        reply = said.text.removesuffix(disclosure_text(turn))
        checks = [(rule, check) for rule in rules for check in rule.verify]
        faults = (
            *self._head(turn, given), *self._rules(turn, given), *self._disclosed(turn, said.text), *self._cited(given),
            *self._verified(turn, reply, given),
        )  # fmt: skip
        return Probed(sample.id, sample.request.audience, streamed, language, turn.engine, len(objects_of(given.get("rules"))), len(checks),
                      tuple(one.kind for one in disclosures), tuple(dict.fromkeys(faults)))  # fmt: skip

    def _met(self, rule: Adaptation, request: Request) -> bool:
        """Whether the question alone meets a rule's trigger; the server may find more in its draft."""
        return rule.trigger is not None and trigger_matches(rule.trigger, request.messages[-1].text, self._bundle.languages, self._tools)

    def _passages(self, given: dict[str, Any]) -> tuple[Passage, ...]:
        """What the reply rests on: the guide cites all of it; a model may rest on passages that it does not cite, so any may be meant."""
        if given.get("engine") != "guide":
            return self._bundle.contents.passages
        found = (self._bundle.passages.get(str(one.get("passage"))) for one in objects_of(given.get("citations")))
        return tuple(passage for passage in found if passage)

    def _dialogue(self, sample: Sample, given: dict[str, Any], lesson: str, language: str) -> Dialogue:
        """Answers are surely closed after a learner's first message only; later the server alone knows the attempts."""
        found = self._bundle.lesson(lesson, language)
        first = len(sample.request.messages) == 1 and self._bundle.contents.head.audiences[sample.request.audience].minors
        kind: Any = str(given.get("kind", ""))
        return Dialogue(kind, lesson=lesson, protected=found.protects if found and first and kind == "problem" else ())

    def _head(self, turn: Turn, given: dict[str, Any]) -> Iterator[str]:
        if turn.bundle != self._bundle.digest:
            yield f"expected the bundle {self._bundle.digest}, found {turn.bundle or 'none'}"
        questions = ("", *self._bundle.languages)
        try:
            allowed = {reply_language(self._bundle, turn.request, question)[0] for question in questions}
        except RequestError as error:
            allowed = set()
            yield error.message
        if turn.language not in allowed:
            yield f"expected a reply in {' or '.join(sorted(allowed))}, found {turn.language or 'no language'}"
        lesson = str(given.get("lesson", ""))
        if lesson and self._bundle.lesson(lesson, turn.language) is None:
            yield f"expected a lesson of the bundle, found {lesson}"

    def _rules(self, turn: Turn, given: dict[str, Any]) -> Iterator[str]:
        expected, found = {rule.id: asdict(rule) for rule in turn.rules}, {str(one.get("id")): one for one in objects_of(given.get("rules"))}
        for name in expected.keys() - found.keys():
            yield f"the rule {name} is in force by the bundle, the reply does not name it"
        for name in found.keys() - expected.keys():
            yield f"the reply names the rule {name}, which is not in force here by the bundle"
        for name in expected.keys() & found.keys():
            for one in _RULE_FIELDS:
                if found[name].get(one) != expected[name][one]:
                    yield f"rule {name}, {one}: expected {expected[name][one]!r}, found {found[name].get(one)!r}"

    def _disclosed(self, turn: Turn, text: str) -> Iterator[str]:
        kinds = {one.kind: one for one in turn.disclosures}
        needed = ["ai", *(["illustrative"] if self._bundle.contents.head.status == "illustrative" else [])]
        for kind in needed:
            wording = self._phrases.text(f"disclosure-{kind}", turn.language)
            if kind not in kinds:
                yield f"expected the disclosure {kind}, found none"
            elif kinds[kind].text != wording:
                yield f"disclosure {kind}: expected {wording!r}, found {kinds[kind].text!r}"
        writers = {"guide"} if turn.engine == "guide" else {"model", "demonstration"}
        if not writers & kinds.keys():
            yield f"expected a disclosure of what wrote it ({' or '.join(sorted(writers))}), found none"
        first = sum(message.role == "user" for message in turn.request.messages) == 1
        if first and (wording := self._phrases.text("disclosure-ai", turn.language)) not in text:
            yield "expected the sentence that software is writing in the text of a first reply, found none"
        for name in turn.affected:
            known = set(self._bundle.adaptations[name].disclosure.values())
            if not any(one.kind == "law" and one.rule == name and one.text in known for one in turn.disclosures):
                yield f"expected the disclosure of {name}, whose law this question meets, found none"
            elif not any(wording in text for wording in known):
                yield f"expected the disclosure of {name} in the text of the reply, found it beside the text only"
        for one in turn.disclosures:
            if one.inline and one.text not in text:
                yield f"the disclosure {one.kind} is said to stand in the text of the reply, and does not"

    def _cited(self, given: dict[str, Any]) -> Iterator[str]:
        for one in objects_of(given.get("citations")):
            passage = self._bundle.passages.get(str(one.get("passage")))
            if passage is None:
                yield f"the reply cites {one.get('passage')!r}, which is no passage of the bundle"
            elif str(one.get("quote", "")) not in passage.text:
                yield f"the reply quotes {passage.id} with words that do not stand there"
        for one in objects_of(given.get("outcomes")):
            if (str(one.get("code")), str(one.get("statement"))) not in self._outcomes:
                yield f"the reply names the outcome {one.get('code')!r}, which the bundle has not, or words it otherwise"

    def _verified(self, turn: Turn, reply: str, given: dict[str, Any]) -> Iterator[str]:
        if not reply.strip():
            yield "the reply is empty"
        told = {(str(one.get("rule")), str(one.get("verifier"))): one.get("passed") for one in objects_of(given.get("verifiers"))}
        seen = Reply(reply)
        for rule in turn.rules:
            for check in self._bundle.adaptations[rule.id].verify:
                outcome = VERIFIERS[check.use](check.options).verify(turn, seen, self._tools)
                if not outcome.passed:
                    claim = {True: "; the server says it passed", False: "; the server says so too"}.get(told.get((rule.id, check.use)), "")  # type: ignore[arg-type]
                    yield f"the check {check.use} of {rule.id} fails on the reply: {outcome.evidence}{claim}"


_CANNOT_PROVE: Sequence[str] = (
    "That other people get the same: a server can tell an auditor's address, key or questions from a student's. Ask from elsewhere, with a "
    "student's key, at other times; let students compare their own replies (`endonym ledger check`).",
    "That the model is made to follow the rules: the reply names them, but a rule that stands in a prompt is not behaviour. Only `endonym eval` "
    "with many samples says how often they are kept.",
    "That nothing else was told to the model, or that the engine is the one that is named: both are the server's own words.",
    "That what machines cannot check is right: whether a reply is true, helpful or fair is judged by people.",
    "That conversations are kept, read or deleted as the pack says: nothing of that can be seen from outside.",
    "That the replies not asked for agree: {answered} of them were looked at here.",
)


def cannot_prove(found: Audited) -> tuple[str, ...]:
    """What an audit leaves open, in sentences."""
    return tuple(sentence.replace("{answered}", str(found.answered)) for sentence in _CANNOT_PROVE)
