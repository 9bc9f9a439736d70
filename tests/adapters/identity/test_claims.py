"""What somebody is, by an identity provider's claims and the settings."""

from __future__ import annotations

from typing import Any

import pytest

from endonym.adapters.identity.claims import standings
from endonym.adapters.identity.outgoing import encrypted
from endonym.core.errors import SettingsError
from endonym.seams.identity import Standing
from endonym.wiring.settings import Settings, SignInSettings, read_settings

BARE: dict[str, Any] = {"title": "Kool", "issuer": "https://kool.example", "client_id": "x"}
HARID = SignInSettings(**BARE, entries_claim="roles", role_claim="marker", school_claim="provider_reg_nr", class_claim="student_grade", where={"active": True},
                       roles={"student": ("student",), "teacher": ("faculty",), "administrator": ("director",)})  # fmt: skip


def role(marker: object, school: object = "75000001", **more: object) -> dict[str, object]:
    return {"marker": marker, "provider_reg_nr": school, "active": True, **more}


@pytest.mark.parametrize(("said", "found"), [
    ([role("student", student_grade="11")], [Standing("student", "75000001", "11")]),
    ([role("faculty"), role("student", "75000002")], [Standing("teacher", "75000001"), Standing("student", "75000002")]),
    ([role("director", 75000003)], [Standing("administrator", "75000003")]),
    ([role("faculty", active=False), role("faculty", active=None), role("faculty", active="true")], []),
    ([role("parent"), role(None), role(["student"], None), role("student", "")], []),
    ([role("student", "x" * 65), role("director", "*")], []),
    ("faculty", []), (None, []), ([["faculty"]], []), ({}, []),
])  # fmt: skip
def test_each_entry_is_read_by_itself(said: object, found: list[Standing]) -> None:
    assert list(standings({"sub": "1", "roles": said}, HARID)) == found


def test_claims_without_a_list_addresses_as_names_and_schools_by_name() -> None:
    flat = SignInSettings(**BARE, role_claim="https://kool.example/role", school_claim="org.id", roles={"teacher": ("staff",), "student": ("pupil",)},
                          schools={"7": "Narva Gümnaasium"})  # fmt: skip
    assert standings({"https://kool.example/role": ["staff", "member"], "org": {"id": 7}}, flat) == (Standing("teacher", "Narva Gümnaasium"),)
    assert standings({"https://kool.example/role": "staff", "org": {"id": 8}}, flat) == ()
    assert standings({"https://kool.example/role": "staff"}, flat) == ()
    everyone = SignInSettings(**BARE, everyone="student", school="Tartu")
    assert standings({"sub": "EE60001019906", "roles": ["teacher"]}, everyone) == (Standing("student", "Tartu"),)


@pytest.mark.parametrize(("given", "says"), [
    ({"issuer": "http://kool.example"}, "issuer"),
    ({"issuer": "https://kool.example?x=1"}, "issuer"),
    ({"scopes": ["roles"]}, "openid"),
    ({"school": "Tartu", "school_claim": "org"}, "one of the two"),
    ({"school": ""}, "one of the two"),
    ({"everyone": "teacher"}, "everyone"),
    ({"everyone": ""}, "nobody could sign in"),
    ({"roles": {"boss": ["x"]}}, "boss"),
    ({"secret": "in the file"}, "unknown"),
    ({"client_id": ""}, "client_id"),
    ({"days": 0}, "days"),
])  # fmt: skip
def test_settings_that_would_let_the_wrong_ones_in_or_nobody_are_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_settings(sign_in={"kool": {**BARE, "everyone": "student", "school": "Tartu", **given}})


@pytest.mark.parametrize("name", ["Kool", "a/b", "", "../x", "x" * 40])
def test_a_name_that_stands_in_an_address_is_a_plain_one(name: str) -> None:
    with pytest.raises(SettingsError, match="sign_in"):
        read_settings(sign_in={name: {**BARE, "everyone": "student", "school": "Tartu"}})


def test_an_address_of_ours_and_a_platforms_are_encrypted_or_of_this_machine() -> None:
    platform = {"title": "M", "issuer": "https://m.example", "client_id": "1", "deployments": ["1"], "authorization": "https://m.example/a",
                "token": "https://m.example/t", "keys": "https://m.example/k", "school": "Tartu"}  # fmt: skip
    assert Settings(platforms={"m": platform}, address="https://tutor.example/").address == "https://tutor.example/"
    for wrong in ({"keys": "http://m.example/k"}, {"deployments": []}, {"school": ""}, {"pages": ["https://m.example/path"]}, {"pages": ["'none'"]}, {"grades": True}):
        with pytest.raises(SettingsError, match="platforms"):
            read_settings(platforms={"m": {**platform, **wrong}})
    with pytest.raises(SettingsError, match="address"):
        read_settings(address="http://tutor.example")
    assert encrypted("https://m.example/x") and encrypted("http://127.0.0.1:1/x") and encrypted("http://localhost/x") and encrypted("http://[::1]/x")
    for address in ("http://m.example", "ftp://localhost", "http://127.0.0.1.evil.example", "https://", "file:///etc/passwd", "http://localhost@evil.example/",
                    "https://a.example;script-src", "https://a.example'x", "https://u:p@a.example"):  # fmt: skip
        assert not encrypted(address)
