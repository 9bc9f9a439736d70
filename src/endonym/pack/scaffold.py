"""A first pack for any country: what public data knows of it, and a list of what only the country can say.

Sources: CLDR through Babel (languages, shares, scripts, formats, currency, week), python-stdnum (personal identifiers),
phonenumbers (numbering plan, emergency number), holidays (public holidays).
"""

from __future__ import annotations

import importlib
import json
import keyword
import pkgutil
import re
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_territory_language_info
from babel.numbers import get_territory_currencies
from holidays.registry import COUNTRIES
from phonenumbers.phonemetadata import PhoneMetadata
from rapidfuzz import process

from endonym.core.errors import PackError
from endonym.text.fold import fold

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERSONAL = re.compile(r"(?i)person|identity|citizen|individual|resident|national|social (security|insurance)|taxpayer|birth")
_NOT_PERSONAL = re.compile(r"(?i)\bVAT\b|business|compan|organi[sz]ation|enterprise|legal entit|routing|preparer|adoption|employer|establishment")
_EMERGENCY = ("112", "911", "999")


@dataclass(frozen=True, slots=True)
class LanguageFact:
    """A language of a country. `share` is per cent of the population who use it, as CLDR has it."""

    code: str
    name: str
    share: float
    official: str
    script: str


@dataclass(frozen=True, slots=True)
class CountryFacts:
    """What public data knows of a country; "" and empty where it knows nothing."""

    code: str
    name: str
    languages: tuple[LanguageFact, ...]
    served: tuple[str, ...]
    currency: str
    first_weekday: str
    decimal: str
    group: str
    short_date: str
    identifiers: tuple[str, ...]
    phone_region: str
    holidays: str
    emergency: str


def countries() -> dict[str, str]:
    """ISO 3166-1 code → English name, for every country that CLDR knows."""
    names = Locale("en").territories
    known = set(get_global("territory_languages")) | set(get_global("territory_currencies"))
    left_out = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    return {code: names[code] for code in sorted(known) if re.fullmatch("[A-Z]{2}", code) and code in names and code not in left_out}


def find_country(wanted: str) -> str:
    """The ISO code that `wanted` means: a code or an English name.

    Raises:
        PackError: No country of that code or name.
    """
    named = countries()
    if wanted.upper() in named:
        return wanted.upper()
    by_name = {fold(name): code for code, name in named.items()}
    if fold(wanted) in by_name:
        return by_name[fold(wanted)]
    near = process.extractOne(fold(wanted), list(by_name))
    raise PackError(f"expected an ISO 3166 code or the English name of a country, found {wanted!r}", origin="COUNTRY",
                    remedy=f"Did you mean {by_name[near[0]]} ({named[by_name[near[0]]]})?")  # fmt: skip


def country_facts(code: str) -> CountryFacts:
    """What public data knows of the country with ISO code `code`."""
    languages = _languages(code)
    official = [language.code for language in languages if language.official in ("official", "de_facto_official")]
    named = [tag for tag in official or [language.code for language in languages[:1]] if _known(tag)]
    served = tuple(named or ["en"])
    locale = _locale(served[0], code)
    symbols = {**Locale("en").number_symbols["latn"], **locale.number_symbols["latn"]}
    currencies = get_territory_currencies(code)
    return CountryFacts(
        code=code, name=countries()[code], languages=languages, served=served,
        currency=currencies[-1] if currencies else "", first_weekday=_WEEK[locale.first_week_day],
        decimal=symbols["decimal"], group=symbols["group"], short_date=str(locale.date_formats["short"]),
        identifiers=_identifiers(code), phone_region=code if code in phonenumbers.SUPPORTED_REGIONS else "",
        holidays=code if any(entry[1] == code for entry in COUNTRIES.values()) else "", emergency=_emergency(code),
    )  # fmt: skip


def scaffold(code: str, parent: Path, day: date) -> tuple[Path, CountryFacts]:
    """Write a country pack into a new folder of `parent`.

    Raises:
        PackError: The folder exists, or cannot be written.
    """
    facts = country_facts(code)
    folder = parent / re.sub(r"[^a-z0-9]+", "-", fold(facts.name).replace("&", " and ").replace("’", "").replace("'", "")).strip("-")
    try:
        (folder / "sources").mkdir(parents=True)
        (folder / "pack.toml").write_text(_manifest(facts, folder.name), "utf-8")
        (folder / "locale.toml").write_text(_locale_toml(facts), "utf-8")
        (folder / "sources" / "locale.toml").write_text(_sources(facts, day), "utf-8")
        (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## 0.1.0\n\n- Made by `endonym init {code}` on {day}.\n", "utf-8")
    except FileExistsError:
        raise PackError(f"expected no folder {folder}, found one", origin=str(folder),
                        remedy="Name another parent folder with -o, or move the old one away.") from None  # fmt: skip
    except OSError as error:
        raise PackError(f"cannot write: {error.strerror}", origin=str(folder), remedy="Name a folder that you may write to with -o.") from None
    return folder, facts


def _languages(code: str) -> tuple[LanguageFact, ...]:
    found = []
    for name, info in get_territory_language_info(code).items():
        tag = name.replace("_", "-")
        share, official = float(info["population_percent"] or 0), str(info["official_status"] or "")
        found.append(LanguageFact(tag, _autonym(tag), share, official, _script(tag, code)))
    return tuple(sorted(found, key=lambda language: (not language.official, -language.share)))


def _locale(tag: str, code: str = "") -> Locale:
    for candidate in (f"{tag}-{code}", tag, tag.split("-")[0]):
        try:
            return Locale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def _known(tag: str) -> bool:
    """Whether CLDR can name the language in itself; where it cannot, not even a title can be written here."""
    try:
        return Locale.parse(tag, sep="-") is not None
    except (UnknownLocaleError, ValueError):
        return False


def _autonym(tag: str) -> str:
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return str(Locale("en").languages.get(tag.split("-")[0], tag))


def _script(tag: str, code: str) -> str:
    parts = tag.split("-")
    if len(parts) > 1 and len(parts[1]) == 4:
        return parts[1]
    likely = get_global("likely_subtags")
    found = likely.get(f"{parts[0]}_{code}") or likely.get(parts[0]) or ""
    return next((part for part in found.split("_") if len(part) == 4), "")


def _identifiers(code: str) -> tuple[str, ...]:
    """Modules of python-stdnum that validate a personal identifier of the country, by their own first line."""
    package = code.lower() + ("_" if keyword.iskeyword(code.lower()) else "")
    try:
        paths = importlib.import_module(f"stdnum.{package}").__path__
    except ImportError:
        return ()
    found = []
    for module in pkgutil.iter_modules(paths):
        loaded = importlib.import_module(f"stdnum.{package}.{module.name}")
        first = (loaded.__doc__ or "").strip().split("\n")[0]
        if hasattr(loaded, "validate") and _PERSONAL.search(first) and not _NOT_PERSONAL.search(first):
            found.append(f"{package}.{module.name}")
    return tuple(found)


def _emergency(code: str) -> str:
    metadata = PhoneMetadata.short_metadata_for_region(code)
    emergency = metadata.emergency if metadata else None
    if emergency is None or not emergency.national_number_pattern:
        return "112"
    pattern = emergency.national_number_pattern
    return next((number for number in _EMERGENCY if re.fullmatch(pattern, number)), emergency.example_number or "112")


def _manifest(facts: CountryFacts, pack_id: str) -> str:
    todo = [
        *(f"Write the description in {_autonym(tag)}: one or two sentences for the public." for tag in facts.served),
        "Have the emergency number in locale.toml confirmed by the service that answers it.",
        "Add help lines for children and for people in crisis to locale.toml, each with its source.",
        "Name the law on the language of instruction and adapt language_of_reply.",
        "Name the law on children's data and the age of consent, and adapt minimise_personal_data.",
        "Name the rules of examinations and adapt keep_examinations_fair.",
        "Say how each language addresses a student: [address] in locale.toml.",
        "Add the names of grades to locale.toml and the outcomes of the curriculum to curriculum/.",
    ]
    todo += [
        f"Add {language.name} ({language.code}), which is official: title, description, summaries and interface strings."
        for language in facts.languages
        if language.official in ("official", "de_facto_official") and language.code not in facts.served
    ]
    if not facts.identifiers:
        todo.append("Name the country's personal identifiers, which python-stdnum does not know.")
    titles = {tag: _locale(tag, facts.code).territories.get(facts.code) or facts.name for tag in facts.served}
    lines = [
        "format = 1", f'id = "{pack_id}"', 'version = "0.1.0"', 'layer = "country"', 'status = "illustrative"', "extends = []",
        'base_spec = "endonym-base"', f'jurisdiction = "{facts.code}"', f"languages = {_list(facts.served)}",
        f"default_language = {_text(facts.served[0])}", 'licence = "CC-BY-4.0"', 'maintainers = ["unnamed"]', "capabilities = []",
        "# What only the country can say. Each line is a warning of the checker until it is done and taken out.",
        "todo = [", *(f"  {_text(entry)}," for entry in todo), "]",
        "", "[title]", *(f"{_key(tag)} = {_text(title)}" for tag, title in titles.items()),
        "", "[description]", *(f"{_key(tag)} = {_text(f'{title}: {_autonym(tag)}')}" for tag, title in titles.items()),
    ]  # fmt: skip
    for audience, minors in (("student", "true"), ("teacher", "false"), ("citizen", "true")):
        lines += ["", f"[audiences.{audience}]", f"minors = {minors}"]
    return "\n".join(lines) + "\n"


def _locale_toml(facts: CountryFacts) -> str:
    lines = []
    if facts.phone_region:
        lines.append(f'phone_region = "{facts.phone_region}"')
    lines.append(f"identifiers = {_list(facts.identifiers)}")
    if facts.holidays:
        lines.append(f'holidays = "{facts.holidays}"')
    lines += ["", "[formats]", f'first_weekday = "{facts.first_weekday}"', f"decimal = {_text(facts.decimal)}",
              f"group = {_text(facts.group)}", f"short_date = {_text(facts.short_date)}", 'source = "cldr"']  # fmt: skip
    if facts.currency:
        lines.insert(-1, f'currency = "{facts.currency}"')
    for language in facts.languages:
        lines += ["", f"[languages.{_key(language.code)}]  # {language.name}", f"share = {language.share:g}"]
        lines += [f'official = "{language.official}"'] if language.official else []
        lines += [f'script = "{language.script}"'] if language.script else []
        lines.append('source = "cldr"')
    lines += ["", "[[help]]", 'id = "emergency"', 'topics = ["emergency"]', f'number = "{facts.emergency}"', 'source = "phonenumbers"',
              "[help.title]", *(f'{_key(tag)} = "{facts.emergency}"' for tag in facts.served)]  # fmt: skip
    return "\n".join(lines) + "\n"


def _sources(facts: CountryFacts, day: date) -> str:
    entries = [("cldr", "Unicode Common Locale Data Repository, through Babel", "https://cldr.unicode.org", version("babel"), "Unicode-3.0",
                "Languages with shares and official status, scripts, formats, currency and week.")]  # fmt: skip
    entries.append(("phonenumbers", "Google's libphonenumber metadata", "https://github.com/google/libphonenumber", version("phonenumbers"),
                    "Apache-2.0", "Numbering plan and emergency numbers."))  # fmt: skip
    if facts.identifiers:
        entries.append(("python-stdnum", "python-stdnum", "https://arthurdejong.org/python-stdnum/", version("python-stdnum"), "LGPL-2.1-or-later",
                        "Formats and check digits of personal identifiers."))  # fmt: skip
    if facts.holidays:
        entries.append(("holidays", "holidays", "https://github.com/vacanza/holidays", version("holidays"), "MIT", "Public holidays."))
    return "\n".join(
        f'[[source]]\nid = "{key}"\nkind = "standard"\ntitle = {_text(title)}\nscheme = "url"\nidentifier = "{url}"\n'
        f'version = "{number}"\nlicence = "{licence}"\nurl = "{url}"\nretrieved = {day}\nparaphrase = {_text(what)}\nverified_by = "unreviewed"\n'
        for key, title, url, number, licence, what in entries
    )


def _text(value: str) -> str:
    """A TOML string: JSON's quoting is a subset of it."""
    return json.dumps(value, ensure_ascii=False)


def _list(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def _key(tag: str) -> str:
    return tag if re.fullmatch(r"[A-Za-z0-9_-]+", tag) else _text(tag)

