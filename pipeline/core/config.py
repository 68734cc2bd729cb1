"""The configuration: one TOML file, validated once, unknown keys refused by name."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

DEFAULT_FILE = "communique.toml"


class ConfigError(Exception):
    """The configuration is missing or wrong; the message says what to change."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def fingerprint(self) -> str:
        """Hash the section's values, so that a stage reruns when its own settings change."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class FieldMap(_Section):
    """Which field of a JSON, CSV or Parquet record holds what; the first that is there is taken."""

    id: tuple[str, ...] = ("id", "article_id", "guid", "uuid")
    url: tuple[str, ...] = ("url", "link", "source_url", "canonical_url")
    title: tuple[str, ...] = ("title", "headline")
    text: tuple[str, ...] = ("text", "body", "content", "article", "maintext", "full_text")
    published: tuple[str, ...] = (
        "published_at", "published", "date_published", "date_publish", "publish_date",
        "published_date", "pub_date", "pubdate", "date", "datetime", "timestamp",
    )  # fmt: skip
    author: tuple[str, ...] = ("author", "authors", "byline", "creator")
    publisher: tuple[str, ...] = ("publisher", "source", "source_name", "site", "outlet", "domain")
    language: tuple[str, ...] = ("language", "lang")


class Reading(_Section):
    """How raw files are read."""

    fields: FieldMap = FieldMap()
    encodings: tuple[str, ...] = ("windows-1256", "gb18030", "big5", "windows-1252")
    file_time: bool = False
    date_order: Literal["day_first", "month_first"] | None = None
    max_bytes: int = Field(default=256 * 1024 * 1024, gt=0)
    max_html_bytes: int = Field(default=8 * 1024 * 1024, gt=0)
    max_chars: int = Field(default=2_000_000, gt=0)
    max_archive_bytes: int = Field(default=16 * 1024**3, gt=0)
    max_ratio: int = Field(default=200, gt=0)


class Language(_Section):
    """The user's own words, a folder with LANGUAGE/TOPIC.toml, added to the packaged lists."""

    words: str | None = None

    def fingerprint(self) -> str:
        """As for every section, less the folder's name: the stages hash the words themselves."""
        return hashlib.sha256(self.model_dump_json(exclude={"words"}).encode()).hexdigest()[:16]


class Entities(_Section):
    """Which engine finds names, where optional engines find their pipelines, and the user's own
    entity tables, added to the packaged ones."""

    engine: Literal["multilingual", "spacy", "stanza", "gazetteer"] = "multilingual"
    spacy_pipelines: dict[str, str] = Field(default_factory=dict)
    stanza_dir: str | None = None
    stanza_languages: tuple[str, ...] = ("en", "ar", "zh")
    tables: tuple[str, ...] = ()

    @field_validator("tables", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    def fingerprint(self) -> str:
        """As for every section, less the tables' names: the stages hash the tables themselves."""
        return hashlib.sha256(self.model_dump_json(exclude={"tables"}).encode()).hexdigest()[:16]


class Events(_Section):
    """How events are extracted."""

    engine: Literal["auto", "model", "rules"] = "auto"
    min_score: float = Field(default=0.0, ge=0.0, le=1.0)


class Run(_Section):
    """How a run is carried out; nothing here changes what the tables hold.

    A file of records of more than 1 MiB is read in ranges of ``part_records`` records or
    ``part_bytes`` bytes, whichever comes first, each with a part of its own.
    """

    workers: int = Field(default=0, ge=0)
    engine: Literal["local", "ray"] = "local"
    ray_address: str | None = None
    staging: str | None = None
    seconds_per_article: float = Field(default=60.0, ge=0)
    part_records: int = Field(default=2000, gt=0)
    part_bytes: int = Field(default=8 * 1024 * 1024, gt=0)


class Config(_Section):
    """The whole configuration; every section and key is optional."""

    reading: Reading = Reading()
    language: Language = Language()
    entities: Entities = Entities()
    events: Events = Events()
    run: Run = Run()


def load_config(path: Path | None = None) -> Config:
    """Read and validate the configuration.

    ``path`` None means ``communique.toml`` in the current folder where there is one, else the
    defaults. Raises ``ConfigError`` with the file, the key and the remedy.
    """
    if path is None:
        default = Path(DEFAULT_FILE)
        if not default.is_file():
            return Config()
        path = default
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"cannot read the configuration {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error
    try:
        return _anchored(Config.model_validate(data), path.parent.absolute())
    except ValidationError as error:
        raise ConfigError(_explain(path, error)) from error


def _anchored(config: Config, folder: Path) -> Config:
    """The user's own tables and words lie where the configuration file says, seen from its folder."""
    entities, language = config.entities, config.language
    entities = entities.model_copy(update={"tables": tuple(str(folder / name) for name in entities.tables)})
    if language.words is not None:
        language = language.model_copy(update={"words": str(folder / language.words)})
    return config.model_copy(update={"entities": entities, "language": language})


def _explain(path: Path, error: ValidationError) -> str:
    problems = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"])
        if item["type"] == "extra_forbidden":
            problems.append(f"unknown key '{key}' (see docs/configuration.md for the known ones)")
        else:
            problems.append(f"'{key}': {item['msg']}")
    return f"{path}: " + "; ".join(problems)
