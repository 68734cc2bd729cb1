"""The model folder's manifest: which files belong to it, their hashes, what the model can do."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.model.calibration import Calibration
from pipeline.model.labels import EVENT_TYPES, NAME_TYPES, ROLES, STATUSES

FORMAT = 2
MANIFEST = "manifest.json"
GRAPH = "model.onnx"
VOCABULARY = "vocabulary.tsv"
LEXICON = "lexicon.marisa"
ROLE_WEIGHTS = "roles.npz"
FOLDER_VARIABLE = "COMMUNIQUE_MODEL"


class ModelError(RuntimeError):
    """The model folder is missing, incomplete, damaged, or of another format."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says; `files` maps file names to SHA-256 hex digests."""

    version: str
    heads: tuple[str, ...]
    files: dict[str, str]
    fingerprint: str
    calibration: Calibration | None = None


def default_folder() -> Path:
    """Return the shipped model's folder: of the checkout, or inside the installed package.

    The environment variable COMMUNIQUE_MODEL, when set, names another one.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    package = Path(__file__).resolve().parents[1]
    inside = package / "models" / "multilingual"
    return inside if inside.is_dir() else package.parent / "models" / "multilingual"


def label_sets() -> dict[str, list[str]]:
    """Return the label sets that a model of this format was trained for."""
    return {
        "names": list(NAME_TYPES),
        "triggers": list(EVENT_TYPES),
        "status": list(STATUSES),
        "roles": list(ROLES),
    }


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest; raise ModelError, saying what to do, when it cannot serve."""
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"no model in {folder}: {MANIFEST} cannot be read ({error.strerror}). Clone the "
            f"project with its models/ folder, or set {FOLDER_VARIABLE} to a model's folder."
        ) from error
    try:
        content = json.loads(raw)
        if content["format"] != FORMAT or content["labels"] != label_sets():
            raise ModelError(
                f"{path}: the model is of format {content['format']} or has other labels; "
                f"this version of the code reads format {FORMAT}. Train and export it again."
            )
        return Manifest(
            content["version"],
            tuple(content["heads"]),
            dict(content["files"]),
            hashlib.sha256(raw).hexdigest(),
            Calibration(**content["calibration"]) if "calibration" in content else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: not a model manifest ({error})") from error


def digest(path: Path) -> str:
    """Return the SHA-256 hex digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def verify(folder: Path | None = None) -> list[str]:
    """Return what is wrong with a model folder, one line a problem; [] when its hashes hold."""
    folder = folder or default_folder()
    try:
        manifest = read_manifest(folder)
    except ModelError as error:
        return [str(error)]
    problems = []
    for name, expected in sorted(manifest.files.items()):
        path = folder / name
        if not path.is_file():
            problems.append(f"{path}: missing")
        elif digest(path) != expected:
            problems.append(f"{path}: its hash is not the manifest's")
    return problems
