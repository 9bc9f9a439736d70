"""A turn: one request and its streamed reply, as a value that the stages hand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from endonym.seams.dialogue import Dialogue
from endonym.seams.passage import Passage

Role = Literal["system", "developer", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a surface asks of the assistant.

    Attributes:
        messages: The conversation, oldest first; the last one is the user's.
        language: Language of instruction that the class or caller chose, or "" for the pack's default.
        subject, grade: Known circumstances for `applies:`; "" where unknown.
        examination: True or False where known; None leaves narrowing adaptations on and overrides off.
        names: The class roster, so that names of pupils are masked; it is never logged and no engine sees it.
    """

    messages: tuple[Message, ...]
    audience: str
    language: str = ""
    subject: str = ""
    grade: str = ""
    examination: bool | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A register entry as a reader meets it: `title` and `pinpoint` in the source's own words."""

    id: str
    title: str
    pinpoint: str
    url: str
    kind: str
    force: str


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """An adaptation that applies to this turn."""

    id: str
    title: str
    pack: str
    layer: str
    adapts: str
    effect: str
    basis: str
    summary: str
    sources: tuple[SourceRef, ...]


@dataclass(frozen=True, slots=True)
class Mask:
    """One masked item. The original never leaves the process and is never logged."""

    placeholder: str
    kind: str
    original: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier said of a reply."""

    verifier: str
    rule: str
    passed: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage that the reply rests on. `quote` is verbatim from the passage, or ""."""

    number: int
    passage: str
    title: str
    document_title: str
    licence: str
    reviewed_by: str
    language: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a reply must tell its reader.

    `kind` is `ai` (no person wrote this), `demonstration`, `law` (something is missing or changed because of law),
    `illustrative` or `unreviewed`. With `inline` it stands in the text of the reply too, for clients that show nothing
    else.
    """

    kind: str
    text: str
    rule: str = ""
    sources: tuple[SourceRef, ...] = ()
    inline: bool = False


@dataclass(frozen=True, slots=True)
class OutcomeRef:
    code: str
    statement: str
    source: str


@dataclass(frozen=True, slots=True)
class TraceLine:
    """What one stage did, in words for people. `ms` is the stage's own time in milliseconds."""

    stage: str
    note: str
    ms: float


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything known about one turn. Stages never change one; they return the next.

    Attributes:
        model: `pack/audience`, as clients name it.
        language: Language of the reply, decided by the pack's adaptation.
        question_language: Language the last message was written in, or "" when undecided.
        protected_messages: The conversation after masking; what an engine outside may see.
        instructions: Messages for a model engine, ordered by authority.
        quote: A sentence of a passage that answers a look-up, verbatim, or "".
        affected: Ids of omissions and lawful overrides whose trigger matched the question or the draft.
    """

    id: str
    started: str
    bundle: str
    model: str
    request: Request
    language: str = ""
    question_language: str = ""
    subject: str = ""
    rules: tuple[ActiveRule, ...] = ()
    dialogue: Dialogue | None = None
    masks: tuple[Mask, ...] = ()
    protected_messages: tuple[Message, ...] = ()
    passages: tuple[Passage, ...] = ()
    outcomes: tuple[OutcomeRef, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()
    quote: str = ""
    affected: tuple[str, ...] = ()
    instructions: tuple[Message, ...] = ()
    engine: str = ""
    reply: str = ""
    verdicts: tuple[Verdict, ...] = ()
    citations: tuple[Citation, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    trace: tuple[TraceLine, ...] = ()
