"""A turn: one request and its streamed reply, as a value that the stages hand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from endonym.seams.dialogue import Dialogue
from endonym.seams.passage import Passage

Role = Literal["system", "developer", "user", "assistant", "tool"]
Help = Literal["ladder", "hints"]
"""How far an assignment lets help go, the most first: as the pack has it; or hints, but never the explanation before the student has it."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What a model wants a client's program to do. `arguments` is a JSON object, as text."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A function of a client's program. `parameters` is the JSON Schema of its arguments, as text, or "" where it takes none."""

    name: str
    description: str = ""
    parameters: str = ""
    strict: bool | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """The tools that a reply may call.

    Attributes:
        choice: `none`, or `required` where the reply must be a call; that is asked of the engine, and not promised.
        named: The one that it must call then, or "".
        parallel: It may call several.
    """

    tools: tuple[Tool, ...]
    choice: Literal["auto", "none", "required"] = "auto"
    named: str = ""
    parallel: bool = True


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, without what its file says beside it. `data` is base64, and never recorded; `digest` is of the picture."""

    kind: str
    digest: str
    data: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    Attributes:
        calls: What a message of the assistant wanted done.
        answers: The id of the call whose result a message of a tool is, or "".
    """

    role: Role
    text: str
    calls: tuple[ToolCall, ...] = ()
    answers: str = ""
    images: tuple[Image, ...] = ()


def last_said(messages: Sequence[Message]) -> str:
    """What the user wrote last, or ""; results of tools may stand after it."""
    return next((message.text for message in reversed(messages) if message.role == "user"), "")


@dataclass(frozen=True, slots=True)
class Request:
    """What a surface asks of the assistant.

    Attributes:
        messages: The conversation, oldest first; the last one is the user's, or the result of a tool that was called after it.
        language: Language of instruction that the class or caller chose, or "" for the pack's default.
        subject, grade: Known circumstances for `applies:`; "" where unknown.
        examination: True or False where known; None leaves narrowing adaptations on and overrides off.
        offer: None where there are no tools.
        format: What the reply must be where it is not prose: `response_format` of OpenAI's chat completions, as JSON.
        payer: For whom it is, where turns wait for one another; it is not kept and no engine sees it.
        help: The most help that the assignment allows.
        only: Id of the one lesson that may be opened, or "" for any.
        task: What a teacher set, in the teacher's words; data, never an instruction.
        plain: The student wants short sentences and everyday words of a model; the guide speaks in those of lessons.
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
    format: str = ""
    offer: Offer | None = None
    payer: str = field(default="", repr=False)
    help: Help = "ladder"
    only: str = ""
    task: str = field(default="", repr=False)
    plain: bool = False
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
        protected_task: The teacher's task after masking.
        offered: The tools that an engine may call, masked; None where it may call none.
        instructions: Messages for a model engine, ordered by authority.
        quote: A sentence of a passage that answers a look-up, verbatim, or "".
        affected: Ids of omissions and lawful overrides whose trigger matched the question or the draft.
        calls: What the client is asked to do, with originals of masked items, as the reply has them.
        finish: `length` where the engine's reply was cut off by a limit, `stop` otherwise.
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
    protected_task: str = ""
    offered: Offer | None = None
    passages: tuple[Passage, ...] = ()
    outcomes: tuple[OutcomeRef, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()
    quote: str = ""
    affected: tuple[str, ...] = ()
    instructions: tuple[Message, ...] = ()
    engine: str = ""
    reply: str = ""
    calls: tuple[ToolCall, ...] = ()
    finish: Literal["stop", "length"] = "stop"
    verdicts: tuple[Verdict, ...] = ()
    citations: tuple[Citation, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    trace: tuple[TraceLine, ...] = ()
