"""Names from Stanza pipelines in a local folder, with offsets that hold for multi-word tokens.

Stanza tags whole tokens. A token that it expands into several words (الرياض with a joined و, English
"Sol's") keeps its own offsets, but its words have none unless they are written one after the
other: French "du" is "de" + "le", Arabic للرياض is ل + الرياض. Offsets are therefore taken from
tokens, never from words (stanfordnlp/stanza issues 1361 and 999).
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pickle
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.core.config import ConfigError
from pipeline.core.rows import Document, Sentence
from pipeline.entities.engines.labels import label_map
from pipeline.entities.spans import Found, NameSpan

RECOGNIZER = "stanza"
RESOURCES = "resources.json"
# Stanza has no model "zh"; its alias means simplified characters, the only Chinese with names.
_FOLDERS = {"zh": ("zh-hans", "zh-hant")}
_PREFIX = re.compile(r"^[BIESLU]-")
# What Stanza's tokenizer takes for white space; replaced one to one, so that offsets stay.
_WHITE = re.compile(r"[\s\u0080-\u009f]")
_AR_PROCLITICS = frozenset("وفبلك")
_EN_POSSESSIVES = ("'s", "’s", "'", "’")


class OffsetError(ValueError):
    """A name that Stanza found cannot be located in its sentence."""


class StanzaEngine:
    """Runs each sentence through the pipeline of its language; other languages get no names.

    Sentences are ours: Stanza splits them into tokens only. Each article is a batch of its own,
    so that an article's names do not depend on what else is in the run.
    """

    def __init__(self, folder: str | None, languages: Sequence[str], *, threads: int = 1) -> None:
        """Load a pipeline for each language, never downloading.

        ``threads`` is PyTorch's number in this process, one by default: each worker has its own
        pipelines, and with a pool of threads each they only wait for each other. Raises
        ``ConfigError``, with the remedy, where the folder, a model or the package is missing, or
        a model has a label that ``labels.toml`` does not list.
        """
        if not folder:
            raise ConfigError(
                'no folder with Stanza models is named; write [entities] stanza_dir = "DIR" into communique.toml, '
                "after: communique models fetch stanza --to DIR"
            )
        if not languages:
            raise ConfigError('[entities] stanza_languages is empty; name at least one language, for example ["en"]')
        stanza = import_stanza()
        importlib.import_module("torch").set_num_threads(threads)
        root = Path(folder)
        self._pipelines: dict[str, Any] = {}
        self._labels: dict[str, dict[str, str | None]] = {}
        for language in languages:
            ours = language.partition("-")[0]
            self._pipelines[ours] = _load(stanza, root, language)
            self._labels[ours] = label_map("stanza", name_labels(self._pipelines[ours]))

    def find(self, documents: Sequence[Document]) -> list[Found]:
        """See ``NameEngine.find``; raises ``OffsetError`` rather than lose or move a name."""
        return [Found(tuple(sorted(self._document(d), key=lambda n: n.start))) for d in documents]

    def _document(self, document: Document) -> list[NameSpan]:
        spans: list[NameSpan] = []
        for language, pipeline in self._pipelines.items():
            sentences = [
                s for s in document.sentences
                if s.language == language and s.kind != "boilerplate" and _WHITE.sub("", s.text)
            ]  # fmt: skip
            if not sentences:
                continue
            parsed = pipeline.bulk_process([_WHITE.sub(" ", s.text) for s in sentences])
            for sentence, doc in zip(sentences, parsed, strict=True):
                spans += self._sentence(sentence, doc)
        return spans

    def _sentence(self, sentence: Sentence, doc: Any) -> list[NameSpan]:
        labels = self._labels[sentence.language]
        spans = []
        at = 0
        for entity in doc.ents:
            start, at = token_span(sentence.text, entity.tokens, at)
            label = labels[entity.type]
            if label is None:
                continue
            start, end = _without_clitics(sentence.language, entity.tokens, start, at)
            spans.append(NameSpan(sentence.start + start, sentence.start + end, label, None, RECOGNIZER))
        return spans


def token_span(text: str, tokens: Sequence[Any], after: int = 0) -> tuple[int, int]:
    """Return where the tokens of a name stand in its sentence, in code points.

    The tokens' own offsets are taken where the text there reads like them, white space aside;
    else the first place from ``after`` on that does. Raises ``OffsetError`` where none does.
    """
    start, end = tokens[0].start_char, tokens[-1].end_char
    written = "".join(_WHITE.sub("", t.text) for t in tokens)
    # Stanza writes "<UNK>" for a token of more than a thousand letters; its offsets are right.
    if start is not None and end is not None and 0 <= start < end <= len(text):
        found = _WHITE.sub("", text[start:end])
        if found == written or any(t.text == "<UNK>" for t in tokens):
            return start, end
    match = re.compile(r"[\s\u0080-\u009f]*".join(map(re.escape, written))).search(text, after) if written else None
    if match is None:
        raise OffsetError(
            f"Stanza found the name {written!r} at {start}:{end}, but the sentence does not have it there"
        )
    return match.start(), match.end()


def _without_clitics(language: str, tokens: Sequence[Any], start: int, end: int) -> tuple[int, int]:
    """Leave joined words out of a name: Arabic و ف ب ل ك before it, the English possessive after it.

    Only where Stanza itself took the token for several words, so that وليد keeps its و. The rule
    is the annotation guideline's: ال stays in, after لل the span begins at the noun.
    """
    first, last = tokens[0], tokens[-1]
    if language == "ar":
        written = first.text
        cut = 0
        words = [word.text for word in first.words]
        while len(words) > 1 and words[0] in _AR_PROCLITICS and written.startswith(words[0], cut):
            cut += 1
            if words[0] == "ل" and words[1].startswith("ال") and written.startswith("ل", cut):
                cut += 1
            words.pop(0)
        if cut < len(written):
            start += cut
    elif language == "en" and len(last.words) > 1:
        tail = last.words[-1].text
        if tail in _EN_POSSESSIVES and last.text.endswith(tail) and end - start > len(tail):
            end -= len(tail)
    return start, end


def import_stanza() -> Any:
    """Import Stanza; raises ``ConfigError`` where it is not installed."""
    try:
        return importlib.import_module("stanza")
    except ImportError as error:
        raise ConfigError(
            f"Stanza cannot be imported ({error}); install it with: pip install 'communique[stanza]'"
        ) from error


def stanza_code(language: str) -> str:
    """Return Stanza's code for a language of ours: "zh" is "zh-hans"."""
    return _FOLDERS.get(language, (language,))[0]


def name_labels(pipeline: Any) -> list[str]:
    """Return the labels that a pipeline's name models can give, without B-, I-, E-, S-.

    A model may hold several tag sets (English "ontonotes-ww-multi" has two); it predicts one.
    """
    tags: set[str] = set()
    for trainer in pipeline.processors["ner"].trainers:
        tags.update(trainer.vocab["tag"].items(trainer.args.get("predict_tagset") or 0))
    return sorted({_PREFIX.sub("", tag) for tag in tags if tag != "O" and not re.fullmatch(r"<\w+>", tag)})


def models_fingerprint(folder: str | None, languages: Sequence[str]) -> str:
    """Hash the model files that an engine with these settings would load; "missing" without any."""
    root = Path(folder or "")
    codes = [code for language in languages if folder and (code := _code_there(root, language))]
    files = [root / f for code in codes for f in _model_files(root, code)]
    if not files or not all(f.is_file() for f in files):
        return "missing"
    whole = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            whole.update(f"{file.relative_to(root)} {hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


def _code_there(root: Path, language: str) -> str | None:
    return next((code for code in _FOLDERS.get(language, (language,)) if (root / code).is_dir()), None)


def _load(stanza: Any, root: Path, language: str) -> Any:
    fetch = f"communique models fetch stanza --languages {language} --to {root}"
    code = _code_there(root, language)
    if code is None or not (root / RESOURCES).is_file():
        lacking = f"the folder {stanza_code(language)}/" if code is None else RESOURCES
        raise ConfigError(f"no Stanza models for '{language}' in {root}: {lacking} is missing; get them with: {fetch}")
    absent = next((f for f in _model_files(root, code) if not (root / f).is_file()), None)
    if absent is not None:
        raise ConfigError(f"no Stanza models for '{language}' in {root}: {absent} is missing; get them with: {fetch}")
    try:
        # CPU, so that several worker processes can each have their own pipeline.
        return stanza.Pipeline(
            code, dir=str(root), processors="tokenize,ner", tokenize_no_ssplit=True,
            download_method=None, use_gpu=False, verbose=False,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        reason = " ".join(str(error).split())[:300]
        raise ConfigError(
            f"the Stanza models for '{language}' in {root} cannot be loaded ({reason}); get them anew with: {fetch}"
        ) from error


def _model_files(root: Path, code: str) -> list[str]:
    """Return the files that Stanza's list gives for tokens, words and names of a language.

    Stanza's own error for a missing vector file names no file. An unreadable list is left to
    Stanza to explain.
    """
    try:
        listed = json.loads((root / RESOURCES).read_text(encoding="utf-8"))[code]
        default = listed["packages"]["default"]
        files = []
        for processor in ("tokenize", "mwt", "ner"):
            packages = default.get(processor, [])
            for package in [packages] if isinstance(packages, str) else packages:
                needed = listed[processor][package].get("dependencies", [])
                files += [(processor, package), *((d["model"], d["package"]) for d in needed)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
    return [f"{code}/{folder}/{package}.pt" for folder, package in files]
