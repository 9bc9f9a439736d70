"""What serving so many students takes: an estimate from a pack's real instructions, measured figures and stated assumptions."""

from __future__ import annotations

import math
import tomllib
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from endonym.assistant import Assistant
from endonym.assistant.parts import Parts
from endonym.bundle import Bundle
from endonym.core.canonical import canonical_json
from endonym.core.errors import RequestError
from endonym.evaluate.samples import gather_samples
from endonym.retrieval import Index
from endonym.retrieval.gather import gather_prompts
from endonym.seams.engine import Declaration, Delta
from endonym.seams.language import LanguageTools
from endonym.seams.turn import Message, Request, Turn
from endonym.store import Store
from endonym.store.seal import key_file
from endonym.store.turns import packed
from endonym.web.phrases import Phrases

_MOST_QUESTIONS = 40
_WEEKS_A_MONTH = 52 / 12


@lru_cache(maxsize=1)
def figures() -> dict[str, Any]:
    """The figures of plan.toml."""
    return tomllib.loads(resources.files("endonym.evaluate").joinpath("plan.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Tax:
    """Tokens for the same content against English.

    Attributes:
        low, high: By the tokenizer that needs least, and by the one that needs most.
        measured: False where it is estimated from the lengths of a pack's texts.
        characters: Characters for the same content against English.
    """

    low: float
    high: float
    measured: bool
    characters: float = 1.0

    def tokens(self, characters: float) -> tuple[float, float]:
        """(fewest, most) tokens of a text in this language."""
        english = characters / self.characters / figures()["english"]["characters_per_token"]
        return english * self.low, english * self.high


@dataclass(frozen=True, slots=True)
class TurnSize:
    """What a turn in one language takes, means over `turns` of them.

    Attributes:
        english, own: Characters of the instruction in English and in the language; conversation excluded.
        same: Share of the instruction that stands alike at the beginning of every turn.
        question, reply: Characters of a question, and of the guide's reply to it.
        stored: Sealed bytes of a turn; what engines were told is not kept.
        ledger: Bytes of an entry of the ledger.
        turns: 0 where the figures are those of another pack.
    """

    language: str
    turns: int
    english: float
    own: float
    same: float
    question: float
    reply: float
    stored: float
    ledger: float


@dataclass(frozen=True, slots=True)
class Load:
    """What is served.

    Attributes:
        sizes: By language, that which decides where nothing else does first.
        passages, texts: What the index holds.
        retention_days: None where the pack does not say.
    """

    name: str
    sizes: Mapping[str, TurnSize]
    taxes: Mapping[str, Tax]
    passages: int
    texts: int
    retention_days: int | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a hosted engine, for a million tokens, in the operator's currency. Attributes: cached: For input that stands alike before."""

    input: float
    output: float
    cached: float | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """Of one turn, (fewest, most). Attributes: same: Of `input` what stands alike in every turn."""

    input: tuple[float, float]
    same: tuple[float, float]
    output: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Demand:
    """What students ask of one installation; pairs are (fewest, most) by tokenizer."""

    peak_turns_s: float
    month_turns: float
    year_turns: float
    input_s: tuple[float, float]
    output_s: tuple[float, float]
    streams: tuple[float, float]
    month_input: tuple[float, float]
    month_output: tuple[float, float]
    month_cost: tuple[float, float] | None
    cores: float


# ---- measuring a pack


class _Recorder:
    """An engine that keeps what it was told and leaves the reply to the guide."""

    def __init__(self, languages: tuple[str, ...], context_tokens: int) -> None:
        self.declaration = Declaration("plan", "operator", context_tokens, languages)
        self.turns: list[Turn] = []

    async def generate(self, turn: Turn) -> AsyncGenerator[Delta, None]:
        self.turns.append(turn)
        yield Delta("")

    async def close(self) -> None:
        pass


async def measure(bundle: Bundle, index: Index, tools: LanguageTools, folder: Path, context_tokens: int) -> Load:
    """Ask a pack's own questions and keep what a model would be told, as long as it is.

    Args:
        folder: An empty one, for a database of trial.
        context_tokens: Of the engine; instructions are compiled to fit.
    """
    recorder = _Recorder(bundle.languages, context_tokens)
    assistant = Assistant(Parts(bundle, index, tools, Phrases(bundle.contents.interface), [recorder]), None)
    replies: dict[str, Turn] = {}
    for request in _questions(bundle):
        async with aclosing(assistant.respond(request)) as items:
            async for item in items:
                if isinstance(item, Turn):
                    replies[item.id] = item
    told = {turn.id: turn for turn in recorder.turns}
    if not told:
        raise RequestError(f"expected an instruction of {bundle.id} to fit into {context_tokens} tokens, found none that does",
                           remedy="Choose an engine with a larger context, or plan for the guide alone.")  # fmt: skip
    entries = _entry_bytes(list(replies.values()), folder)
    sizes = {}
    head = bundle.contents.head
    for language in sorted(bundle.languages, key=lambda one: one != head.default_language):
        own = [turn for turn in replies.values() if turn.language == language and turn.id in told]
        if own:
            sizes[language] = _size(language, own, told, entries, tools, bundle.languages)
    return Load(f"{bundle.id} {head.version}", sizes, {language: tax(language, bundle) for language in bundle.languages},
                len(bundle.contents.passages), len(bundle.contents.passages) + len(gather_prompts(bundle)), bundle.retention_days)  # fmt: skip


def _questions(bundle: Bundle) -> Iterator[Request]:
    """For each language what its lessons are asked for with, and the samples in it."""
    audiences = bundle.contents.head.audiences
    audience = next((name for name, about in audiences.items() if about.minors), next(iter(audiences)))
    samples = [sample.request for sample in gather_samples(bundle)]
    for language in bundle.languages:
        asks = [Request((Message("user", lesson.asks[0]),), audience, language)
                for lesson in bundle.contents.lessons if lesson.language == language and lesson.asks]  # fmt: skip
        own = [request for request in samples if (request.language or bundle.contents.head.default_language) == language]
        title = bundle.contents.head.title.get(language, bundle.id)
        yield from [*asks, *own, *([] if asks or own else [Request((Message("user", title),), audience, language)])][:_MOST_QUESTIONS]


def _entry_bytes(turns: Sequence[Turn], folder: Path) -> float:
    """Mean bytes of an entry of the ledger, as a real one has them."""
    with closing(Store.sqlite(folder / "trial.sqlite", key_file(folder / "trial.key"))) as store:
        for waiting in [store.record(turn) for turn in turns]:
            waiting.result()
        sizes = [len(canonical_json(entry.content)) + len(entry.previous) + len(entry.digest) + len(str(entry.content["turn"])) for entry in store.ledger()]
    return sum(sizes) / len(sizes)


def _size(
    language: str, turns: Sequence[Turn], told: Mapping[str, Turn], entry: float, tools: LanguageTools, languages: Sequence[str]
) -> TurnSize:  # fmt: skip
    instructions = [[message.text for message in told[turn.id].instructions if message.role in ("system", "developer")] for turn in turns]
    wholes = ["\n".join(texts) for texts in instructions]
    candidates = tuple(dict.fromkeys((*languages, "en")))
    english = sum(_english(whole, language, candidates, tools) for whole in wholes) / len(wholes)
    mean = sum(map(len, wholes)) / len(wholes)
    count = len(turns)
    audiences = {turn.request.audience for turn in turns}
    alike = [_alike([whole for whole, turn in zip(wholes, turns, strict=True) if turn.request.audience == one]) for one in audiences]
    return TurnSize(
        language, count, english, mean - english, min(alike) / mean,
        sum(len(turn.request.messages[-1].text) for turn in turns) / count, sum(len(turn.reply) for turn in turns) / count,
        sum(len(packed(turn, alone=False)) for turn in turns) / count, entry,
    )  # fmt: skip


def _alike(texts: Sequence[str]) -> int:
    """Characters with which all of the texts begin."""
    first, last = min(texts), max(texts)
    return next((at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other), min(len(first), len(last)))


def _english(text: str, language: str, candidates: tuple[str, ...], tools: LanguageTools) -> int:
    """Characters of `text` that are English, told line by line."""
    if language == "en":
        return 0
    return sum(len(line) + 1 for line in text.split("\n") if _told(line, candidates, tools) == "en")


@lru_cache(maxsize=20_000)
def _told(line: str, candidates: tuple[str, ...], tools: LanguageTools) -> str:
    return tools.identify(line, candidates)


def tax(language: str, bundle: Bundle | None = None) -> Tax:
    """What `language` costs against English: measured, or else estimated from a pack's texts in both.

    Raises:
        RequestError: Neither is possible.
    """
    known = figures()["tax"].get(language)
    pairs = [(texts[language], texts["en"]) for adaptation in (bundle.contents.adaptations if bundle else ())
             for texts in (adaptation.summary, adaptation.disclosure) if language in texts and "en" in texts]  # fmt: skip
    english = sum(len(text) for _, text in pairs)
    characters = sum(len(text) for text, _ in pairs) / english if english else 1.0
    if known:
        return Tax(known[0], known[1], True, characters)
    if bundle is None:
        raise RequestError(f"expected a language that was measured ({', '.join(figures()['tax'])}), found {language!r}", param="--share",
                           remedy="Name a pack that has texts in this language: from their lengths it is estimated.")  # fmt: skip
    own = pairs or [(text, "") for adaptation in bundle.contents.adaptations if (text := adaptation.summary.get(language))]
    width = sum(len(text.encode()) for text, _ in own) / max(1, sum(len(text) for text, _ in own))
    estimate = figures()["estimate"]
    low = max(1.0, estimate["least_per_character"] * characters)
    return Tax(low, max(low, estimate["most_per_byte"] * characters * width), False, characters)


def typical(languages: Sequence[str]) -> Load:
    """Where no pack is named: the sizes of one that was measured."""
    found = figures()["typical"]
    names = ("english", "own", "same", "question", "reply", "stored", "ledger")
    sizes = {language: TurnSize(language, 0, **{name: found[name] for name in names}) for language in languages}
    return Load("a pack as large as estonia-upper-secondary", sizes, {language: tax(language) for language in languages}, found["passages"], found["texts"])


# ---- reckoning


def defaults() -> dict[str, float]:
    """Each assumption's value."""
    return {name: float(one["value"]) for name, one in figures()["assumption"].items()}


def turn_tokens(load: Load, language: str, assumed: Mapping[str, float]) -> Tokens:
    """Tokens of a turn in the middle of a conversation."""
    size, own = load.sizes[language], load.taxes[language]
    english = size.english / figures()["english"]["characters_per_token"]
    instruction = tuple(english + tokens for tokens in own.tokens(size.own))
    reply = own.tokens(size.reply * assumed["reply"])
    question = own.tokens(size.question)
    before = (assumed["conversation"] - 1) / 2
    total = tuple(i + q + before * (q + r) for i, q, r in zip(instruction, question, reply, strict=True))
    same = tuple(i * size.same for i in instruction)
    return Tokens((total[0], total[1]), (same[0], same[1]), reply)


def demand(load: Load, students: int, shares: Mapping[str, float], assumed: Mapping[str, float], prices: Prices | None = None) -> Demand:
    """What is asked for. Args: shares: Of turns, by language; they add up to 1."""
    hour = students * assumed["active"] * assumed["turns"]
    peak = hour / 3600 * assumed["burst"]
    week = students * assumed["hours"] * assumed["turns"]
    month = week * _WEEKS_A_MONTH
    taken = {language: turn_tokens(load, language, assumed) for language in shares}

    def mean(which: str) -> tuple[float, float]:
        pairs = [(share, getattr(taken[language], which)) for language, share in shares.items()]
        return sum(share * pair[0] for share, pair in pairs), sum(share * pair[1] for share, pair in pairs)

    given, same, written = mean("input"), mean("same"), mean("output")
    cost = None
    if prices:
        cached = prices.input if prices.cached is None else prices.cached
        one = [(i - s) * prices.input + s * cached + o * prices.output for i, s, o in zip(given, same, written, strict=True)]
        cost = (month * one[0] / 1e6, month * one[1] / 1e6)
    return Demand(
        peak, month, week * assumed["weeks"], _times(given, peak), _times(written, peak), _times(written, peak / assumed["pace"]),
        _times(given, month), _times(written, month), cost, peak * figures()["work"]["turn_s"] / assumed["busy"],
    )  # fmt: skip


def _times(pair: tuple[float, float], factor: float) -> tuple[float, float]:
    return pair[0] * factor, pair[1] * factor


def storage(load: Load, shares: Mapping[str, float], year_turns: float) -> dict[str, float]:
    """Bytes: of conversations a year and as many as are kept at once, of the ledger a year, of the index."""
    work = figures()["work"]
    turn = sum(share * load.sizes[language].stored for language, share in shares.items()) * work["row"]
    entry = sum(share * load.sizes[language].ledger for language, share in shares.items()) * work["ledger_row"]
    kept = 1.0 if load.retention_days is None else min(1.0, load.retention_days / 365)
    return {"turn": turn, "conversations_year": turn * year_turns, "conversations_kept": turn * year_turns * kept, "ledger_year": entry * year_turns,
            "index": load.passages * work["passage_bytes"] + (load.texts - load.passages) * work["text_bytes"],
            "index_s": load.texts / work["texts_a_second"]}  # fmt: skip


def memory_mb(load: Load, cores: float) -> tuple[int, int]:
    """(serving processes, MB of all of them)."""
    work = figures()["work"]
    processes = max(1, math.ceil(cores))
    return processes, processes * (work["worker_mb"] + work["language_mb"] * len(load.sizes) + work["embedder_mb"])


@dataclass(frozen=True, slots=True)
class Effect:
    """What one assumption does. Attributes: low, high: The result as a multiple of what stands, at the ends of its range."""

    name: str
    range: tuple[float, float]
    low: float
    high: float

    @property
    def span(self) -> float:
        return max(self.low, self.high) / max(min(self.low, self.high), 1e-12)


def effects(load: Load, students: int, shares: Mapping[str, float], assumed: Mapping[str, float], prices: Prices | None, *, model: bool) -> tuple[Effect, ...]:
    """What would change the result most, the strongest first: the cost of a year where there are prices, the tokens written a
    second where a model is meant, else the processors.
    """
    def result(values: Mapping[str, float], bound: int | None = None) -> float:
        found = demand(load, students, shares, values, prices)
        year = found.year_turns / found.month_turns
        pair = _times(found.month_cost, year) if found.month_cost else found.output_s if model else (found.cores, found.cores)
        return math.sqrt(pair[0] * pair[1]) if bound is None else pair[bound]

    base = result(assumed)
    found = []
    for name, about in figures()["assumption"].items():
        low, high = (float(end) for end in about["range"])
        one = Effect(name, (low, high), result({**assumed, name: low}) / base, result({**assumed, name: high}) / base)
        if one.span > 1.02:
            found.append(one)
    if model:
        ends = [sum(share * getattr(load.taxes[language], end) for language, share in shares.items()) for end in ("low", "high")]
        if ends[0] != ends[1]:
            found.append(Effect("tokenizer", (ends[0], ends[1]), result(assumed, 0) / base, result(assumed, 1) / base))
    return tuple(sorted(found, key=lambda one: -one.span))
