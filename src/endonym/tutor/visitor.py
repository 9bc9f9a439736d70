"""Who is looking: the pack, the language of the page and the language of learning."""

from __future__ import annotations

from dataclasses import dataclass

from langcodes import closest_match
from starlette.requests import Request

from endonym.assistant import Assistant
from endonym.web.languages import language_name, own_name

PAGE_COOKIE = "page_language"
LEARN_COOKIE = "learning_language"
SIZE_COOKIE = "text_size"
SIZES = ("1", "2", "3")
PLAIN_COOKIE = "plain_language"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Attributes: page: Language of the interface; learning: Language of instruction; size: Of the text; here: The page's address, or "";
    plain: Models are asked for simple language; first: Nothing is known of the browser yet, and it may have no style sheet."""

    assistant: Assistant
    audience: str
    page: str
    learning: str
    size: str = SIZES[0]
    here: str = ""
    plain: bool = False
    first: bool = False

    @property
    def models(self) -> bool:
        """Whether a model may write replies here, and not the guide alone."""
        known = self.audience in self.assistant.bundle.contents.head.audiences
        return known and bool(self.assistant.writers(self.audience, self.learning))

    @property
    def jurisdiction(self) -> str:
        """The country whose time holds."""
        return self.assistant.bundle.contents.head.jurisdiction

    def text(self, message_id: str, /, **arguments: object) -> str:
        return self.assistant.phrase(message_id, self.page, **arguments)

    def language_name(self, language: str) -> str:
        """A language's name in itself."""
        return own_name(language)

    def language_here(self, language: str) -> str:
        """A language's name in the language of the page."""
        return language_name(language, self.page)


def visitor(request: Request, assistant: Assistant, audience: str) -> Visitor:
    """The visitor by query, then cookie, then the browser's languages, then the pack's default."""
    languages = assistant.bundle.languages
    page = next((value for value in (request.query_params.get("page"), request.cookies.get(PAGE_COOKIE)) if value in languages), "")
    learning = next((value for value in (request.query_params.get("learn"), request.cookies.get(LEARN_COOKIE)) if value in languages), "")
    size = request.cookies.get(SIZE_COOKIE, "")
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "") if request.method == "GET" else ""
    return Visitor(assistant, audience, page or _preferred(request, languages), learning or assistant.bundle.contents.head.default_language,
                   size if size in SIZES else SIZES[0], here, request.cookies.get(PLAIN_COOKIE) == "1", not request.cookies)  # fmt: skip


def _preferred(request: Request, languages: tuple[str, ...]) -> str:
    for part in request.headers.get("accept-language", "").split(",")[:8]:
        wanted = part.partition(";")[0].strip()
        if not wanted or wanted == "*":
            continue
        try:
            match, distance = closest_match(wanted, list(languages))
        except ValueError:
            continue
        if distance < 15:
            return match
    return languages[0]
