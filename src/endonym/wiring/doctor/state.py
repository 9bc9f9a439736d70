"""Whether settings can be read and the state folder is private."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from endonym.wiring.doctor.finding import Finding, Found, Patient
from endonym.wiring.doctor.machine import nearest
from endonym.wiring.settings import FILE, Settings

_OTHER_VARIABLES = ("ENDONYM_KEY",)


def check_settings(patient: Patient) -> Found:
    file = Path(FILE)
    yield Finding("settings", "ok", f"{file.resolve()}: every key is known" if file.is_file() else f"no {FILE} in {Path.cwd()}: every setting is as delivered")
    known = {f"ENDONYM_{name.upper()}" for name in Settings.model_fields} | set(_OTHER_VARIABLES)
    known |= {engine.key_variable for engine in patient.settings.engines.values()} | {patient.settings.embedding.key_variable}
    for name in sorted(name for name in os.environ if name.startswith("ENDONYM_") and name not in known):
        yield Finding("settings", "warning", f"the variable {name} is no setting, so it does nothing", "Correct its name; `endonym settings` lists every setting.")
    written = file.read_text("utf-8", errors="replace") if file.is_file() else ""
    for name in ("store", "index_url"):
        value = str(getattr(patient.settings, name))
        if "://" in value and (password := urlsplit(value).password) and password in written:
            yield Finding("settings", "warning", f"{FILE}: a password stands in `{name}`, where everybody who may read the file reads it",
                          f"Leave it out there and set ENDONYM_{name.upper()}, or put it into ~/.pgpass.")  # fmt: skip


def check_state(patient: Patient) -> Found:
    folder = patient.state
    if not folder.exists():
        above = nearest(folder)
        if os.access(above, os.W_OK | os.X_OK):
            yield Finding("state", "ok", f"{folder.absolute()} is made at the first start")
        else:
            yield Finding("state", "error", f"expected to be allowed to make {folder.absolute()}, found that {above} cannot be written",
                          "Run as the user who owns it, or set `state` to another folder.")  # fmt: skip
        return
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("state", "error", f"expected a folder that can be written, found {folder.absolute()}, which cannot",
                      "Run as the user who owns it, or set `state` to another folder.")  # fmt: skip
        return
    faults = list(_open_to_others(folder))
    yield from faults
    if not faults:
        yield Finding("state", "ok", f"{folder.absolute()} can be written; keys and database are readable by their owner alone")


def _open_to_others(folder: Path) -> Found:
    if folder.stat().st_mode & 0o022:
        yield Finding("state", "error", f"expected a folder that its owner alone may write, found others allowed in {folder.absolute()}", f"chmod go-w {folder}")
    for path in sorted(path for path in folder.iterdir() if path.suffix == ".key" or path.name.startswith("store.sqlite")):
        status = path.stat()
        if status.st_mode & 0o077:
            yield Finding("state", "error", f"expected {path} to be readable by its owner alone (mode 600), found mode {status.st_mode & 0o777:o}",
                          f"chmod 600 {path}. If others may have read a key: `endonym store rotate`.")  # fmt: skip
        elif status.st_uid != os.geteuid():
            yield Finding("state", "warning", f"{path} belongs to another user than the one who runs this", "Run doctor and server as the same user.")
