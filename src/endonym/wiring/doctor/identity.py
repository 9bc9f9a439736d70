"""Whether those answer by whose word people sign in."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from endonym.core.errors import EndonymError
from endonym.seams.identity import IdentityProvider, LearningPlatform
from endonym.store.seal import rsa_key
from endonym.wiring.doctor.finding import LOOPBACK, Finding, Found, Patient
from endonym.wiring.plugins import load_plugin


def check_identity(patient: Patient) -> Found:
    settings = patient.settings
    if not settings.sign_in and not settings.platforms:
        return
    if not settings.address:
        yield Finding("identity", "warning", "expected the address under which people come back, found none: nobody signs in but on this machine",
                      'Set address = "https://…", as providers and platforms are told.')  # fmt: skip
    elif not settings.open_tutor and settings.host in LOOPBACK:
        yield Finding("identity", "warning", "the tutor is served on this machine alone, so nobody comes to sign in", "Set open_tutor = true.")
    for name, provider in settings.sign_in.items():
        if provider.secret_variable and not os.environ.get(provider.secret_variable):
            yield Finding("identity", "error", f"sign_in.{name}: expected the client's secret in the variable {provider.secret_variable}, found none",
                          "Set it where the server is started.")  # fmt: skip
        yield from _asked(f"sign_in.{name}", load_plugin("endonym.identity_providers", provider.kind)(name, provider))
    if settings.platforms:
        with TemporaryDirectory() as folder:  # nothing is written where there is no key yet
            kept = settings.state / "lti.key"
            pem = rsa_key(kept if kept.is_file() else Path(folder) / "lti.key")
        for name, platform in settings.platforms.items():
            yield from _asked(f"platforms.{name}", load_plugin("endonym.learning_platforms", platform.kind)(name, platform, pem))


def _asked(which: str, one: IdentityProvider | LearningPlatform) -> Found:
    try:
        yield Finding("identity", "ok", f"{which}: {one.check()}")
    except EndonymError as error:
        yield Finding("identity", "error", f"{which}: {error.message}", "Correct its addresses in endonym.toml, or ask whoever runs it.")
