"""Times as the people of a country read them. Source: CLDR through Babel."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import format_date, format_datetime

from endonym.core.clock import now

_PRIMARY = {
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid", "MH": "Pacific/Majuro",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PT": "Europe/Lisbon", "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent",
}  # fmt: skip
"""Where nearly everybody of a country lives by one of its times. Source: CLDR, metaZones, primaryZones, which Babel leaves out."""


def zone_of(territory: str, moment: datetime | None = None) -> tzinfo:
    """The time that holds in a territory at a moment, by default now; UTC where several do, none is known, or the system has no time zones."""
    names = (_PRIMARY[territory],) if territory in _PRIMARY else get_global("territory_zones").get(territory, ())
    try:
        zones = [ZoneInfo(name) for name in names]
    except ZoneInfoNotFoundError:
        return UTC
    return zones[0] if len({(moment or now()).astimezone(zone).utcoffset() for zone in zones}) == 1 else UTC


def zone_name(territory: str, language: str) -> str:
    """Whose time that is, for a reader of `language`."""
    return "UTC" if zone_of(territory) is UTC else str(Locale.parse(language, sep="-").territories.get(territory, territory))


def local_day(stamped: str, territory: str) -> date:
    moment = datetime.fromisoformat(stamped)
    return moment.astimezone(zone_of(territory, moment)).date()


def local_time(stamped: str, territory: str, language: str) -> str:
    """A moment with its day and time as readers of `language` write it."""
    moment = datetime.fromisoformat(stamped)
    return str(format_datetime(moment, "short", tzinfo=zone_of(territory, moment), locale=Locale.parse(language, sep="-")))


def read_local(typed: str, territory: str) -> datetime:
    """What a field `datetime-local` holds, meant as the time of a territory. Raises: ValueError: It is no time."""
    moment = datetime.fromisoformat(typed)
    return moment.replace(tzinfo=zone_of(territory, moment.replace(tzinfo=UTC))).astimezone(UTC)


def day_name(day: date, language: str) -> str:
    """A day with its weekday, as readers of `language` write it."""
    try:
        return format_date(day, "full", locale=Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()
