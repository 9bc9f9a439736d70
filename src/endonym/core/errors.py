"""The exceptions that mean work stopped.

    EndonymError
    ├── SpecError         a behaviour spec cannot be read
    ├── PackError         a pack cannot be loaded or resolved
    ├── BundleError       a bundle cannot be compiled, read or trusted
    ├── SettingsError     a setting is missing, unknown or out of range
    ├── PluginLoadError   an entry point named by the settings does not load
    ├── RetrievalError    an index cannot be built or read
    ├── StoreError        the database cannot be opened, or was written by another version
    │   └── StoreUnavailable  it cannot answer now: locked, full, restarting
    ├── IdentityError     somebody could not be signed in by another organisation's word
    ├── LedgerError       the ledger is broken or cannot be written
    ├── RequestError      a caller asked for something that does not exist or is malformed
    └── EngineError       an engine failed
        ├── EngineTimeout
        ├── EngineBusy
        ├── EngineUnavailable
        └── EngineProtocolError

Faults in people's files are values (`endonym.core.diagnostics.Diagnostic`), not exceptions.
"""

from __future__ import annotations


class EndonymError(Exception):
    """Work stopped.

    Args:
        message: Names the thing, what was expected and what was found.
        remedy: What the reader can do about it, as one sentence.
        origin: Where: a path with a line, a field, or an address.
    """

    code = "error"

    def __init__(self, message: str, *, remedy: str = "", origin: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.origin = origin

    def __str__(self) -> str:
        where = f"{self.origin}: " if self.origin else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{remedy}"


class SpecError(EndonymError):
    code = "spec_error"


class PackError(EndonymError):
    code = "pack_error"


class BundleError(EndonymError):
    code = "bundle_error"


class SettingsError(EndonymError):
    code = "settings_error"


class PluginLoadError(EndonymError):
    code = "plugin_load_error"


class RetrievalError(EndonymError):
    code = "retrieval_error"


class StoreError(EndonymError):
    code = "store_error"


class StoreUnavailable(StoreError):
    code = "store_unavailable"


class IdentityError(EndonymError):
    """Somebody could not be signed in by another organisation's word.

    Args:
        fault: `forged`, `expired`, `cancelled`, `unreachable`, `role` (none that counts here) or `stale` (begun elsewhere, too long ago, or used already).
    """

    code = "identity_error"

    def __init__(self, message: str, fault: str, *, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.fault = fault


class LedgerError(EndonymError):
    code = "ledger_error"


class RequestError(EndonymError):
    """A caller's mistake.

    Args:
        param: The field of the request that is at fault, as the caller spelled it.
        status: The HTTP status that a surface should answer with.
    """

    code = "invalid_request"

    def __init__(
        self, message: str, *, param: str = "", status: int = 400, remedy: str = "", code: str = "invalid_request"
    ) -> None:
        super().__init__(message, remedy=remedy, origin="")
        self.param = param
        self.status = status
        self.code = code


class EngineError(EndonymError):
    code = "engine_error"


class EngineTimeout(EngineError):
    code = "engine_timeout"


class EngineBusy(EngineError):
    """It works, and others wait already."""

    code = "engine_busy"


class EngineUnavailable(EngineError):
    code = "engine_unavailable"


class EngineProtocolError(EngineError):
    code = "engine_protocol_error"
