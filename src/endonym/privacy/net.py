"""E-mail, addresses of the net, and what is personal in a link.

A plain link is a source and stays. Of a link only these parts are personal, and only they are masked: what stands before
`@` in its authority; the value of a parameter whose name says user, account, e-mail, key, token, session or password; the
name after `/users/`, `/profile/`, `/~` or `/@`, and a page of a person on a social network. A document's id in a path is
not: it cannot be told from the address of a source.

An IPv4 or IPv6 address is masked when it is routed on the public net; private, loopback and documentation addresses are
what lessons use. `1.2.3.4` may be a section's number, so small octets need a word such as "IP" before them.

Source: RFC 3986 (URI), RFC 5321 (local part of at most 64 characters), IANA special-purpose registries (ipaddress).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

_WORD = r"0-9A-Za-z\u00c0-\u024f\u0370-\u052f"
_LOCAL = re.compile(rf"[{_WORD}._%+'-]{{1,64}}\Z")
_DOMAIN = re.compile(rf"[{_WORD}-]{{1,63}}(?:\.[{_WORD}-]{{1,63}}){{0,4}}\.[A-Za-z\u00c0-\u024f\u0370-\u052f]{{2,24}}(?![{_WORD}])")
_LINK = re.compile(r"(?:https?|ftp|wss?)://[^\s<>\"'⟦⟧«»“”]{1,2000}|(?<![\w.@/])www\.[^\s<>\"'⟦⟧«»“”]{1,2000}", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w.@/-])(?:(?:facebook|instagram|tiktok|snapchat|twitter)\.com|vk\.com|t\.me|wa\.me|ok\.ru)/[^\s<>\"'⟦⟧«»“”]{1,200}", re.IGNORECASE)
_AUTHORITY = re.compile(r"://([^/?#@\s]{1,256})@")
_PARAMETER = re.compile(r"(?<=[?&#;])([A-Za-z0-9_.-]{1,40})=([^&#;\s]{1,1500})")
_SAYS = re.compile(
    r"(?:^|[_.-])(?:user|username|userid|uid|login|account|acct|email|e-mail|mail|phone|msisdn|token|auth|jwt|apikey|key|secret|sig|"
    r"signature|session|sessionid|sid|password|passwd|pwd|pass|pin|code_verifier|invite|student|pupil|isikukood|iin|nric)(?:id)?(?:$|[_.-])"
    r"|(?:user|access|auth|api|session|refresh|id)_?(?:name|token|key|id)$", re.IGNORECASE)  # fmt: skip
_PERSON = re.compile(r"/(?:users?|u|profiles?|members?|accounts?|kasutaja|polzovatel)/([^/?#\s]{2,64})|/[~@]([^/?#\s]{2,64})", re.IGNORECASE)
_SOCIAL = re.compile(
    r"(?:facebook|instagram|tiktok|snapchat|twitter|(?<![\w.])x)\.com/(?:profile\.php\?id=|add/)?([^/?#\s]{2,64})/?(?:[?#]|$)"
    r"|(?:vk\.com|t\.me|wa\.me|ok\.ru)/(?:profile/)?([^/?#\s]{2,64})/?(?:[?#]|$)|linkedin\.com/in/([^/?#\s]{2,64})", re.IGNORECASE)  # fmt: skip
_PAGES = frozenset(("home", "login", "about", "help", "search", "events", "groups", "watch", "explore", "privacy", "terms", "policies",
                    "settings", "share", "sharer", "intent", "hashtag", "status", "me", "new", "all", "list", "sign_in"))  # fmt: skip
_IPV4 = re.compile(rf"\d(?<![{_WORD}_.]\d)\d{{0,2}}\.\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}(?![{_WORD}_/]|\.\d)")
_IPV6 = re.compile(rf"[23](?<![{_WORD}_:.][23])[0-9A-Fa-f]{{3}}:(?:[0-9A-Fa-f]{{0,4}}:){{1,6}}[0-9A-Fa-f]{{0,4}}(?![{_WORD}_/]|:[0-9A-Fa-f:])")
_NAMED = re.compile(r"(?<![^\W_])(?:ip|ipv4|aadress\w*|address|host|server\w*|ping|адрес\w*|мекенжай\w*|عنوان\w*|alamat|地址|முகவரி\w*)\W{0,4}(?:\w{1,8}\W{1,3}){0,2}\Z", re.IGNORECASE)
_LARGE = 32


def links(text: str) -> list[tuple[int, int]]:
    """Where links stand, without the punctuation that follows them."""
    found: list[tuple[int, int]] = []
    if "://" in text or "www." in text or "WWW." in text:
        found += [(match.start(), match.start() + len(_clean(match.group()))) for match in _LINK.finditer(text)]
    if "/" in text:
        found += [(match.start(), match.start() + len(_clean(match.group()))) for match in _BARE.finditer(text)]
    return sorted(found)


def _clean(link: str) -> str:
    return link.rstrip(".,;:!?)]}…。，؛،")


def personal_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a link that name a person or open what is theirs."""
    link = text[start:end]
    for match in _AUTHORITY.finditer(link):
        yield start + match.start(1), start + match.end(1)
    for match in _PARAMETER.finditer(link):
        if _SAYS.search(match.group(1)):
            yield start + match.start(2), start + match.end(2)
    for match in (*_PERSON.finditer(link), *_SOCIAL.finditer(link)):
        group = next(number for number, value in enumerate(match.groups(), 1) if value)
        if match.group(group).lower() not in _PAGES and not match.group(group).lower().endswith((".html", ".htm", ".pdf", ".php")):
            yield start + match.start(group), start + match.end(group)


def emails(text: str) -> Iterator[tuple[int, int]]:
    """Addresses of mail. Scripts without spaces end one: of "邮箱是mari@kool.ee" the address is masked."""
    at, last = text.find("@"), 0
    while at >= 0:
        local = _LOCAL.search(text, max(last, at - 64), at)
        domain = _DOMAIN.match(text, at + 1) if local else None
        if local and domain and local.group() != "git":
            yield local.start() + len(local.group()) - len(local.group().lstrip(".'-")), domain.end()
            last = domain.end()
        at = text.find("@", at + 1)


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Public addresses of the net."""
    for match in _IPV4.finditer(text) if text.count(".") > 2 else ():
        if _is_public(match.group()) and (
            max(map(int, match.group().split("."))) >= _LARGE or _NAMED.search(text, max(0, match.start() - 32), match.start())
        ):
            yield match.span()
    for match in _IPV6.finditer(text) if ":" in text else ():
        if _is_public(match.group()):
            yield match.span()


def _is_public(address: str) -> bool:
    try:
        return ip_address(address).is_global
    except ValueError:
        return False
