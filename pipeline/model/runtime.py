"""The shipped model at run time: names and events of lines in one pass, on ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.model.calibration import Calibration
from pipeline.model.decoding import Floats, PieceSpan, decode, log_softmax
from pipeline.model.encoding import Encoded, Encoder
from pipeline.model.labels import EVENT_TYPES, NAME_TYPES, ROLES, ROLES_OF, STATUSES
from pipeline.model.lexicon import Lexicon
from pipeline.model.manifest import (
    GRAPH,
    LEXICON,
    ROLE_WEIGHTS,
    VOCABULARY,
    ModelError,
    default_folder,
    read_manifest,
)
from pipeline.model.pieces import Vocabulary
from pipeline.model.roles import RoleScorer
from pipeline.model.windows import Window, windows

if TYPE_CHECKING:
    import onnxruntime as ort


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: code points [start, end), label PER, ORG or LOC (also countries)."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of an event: role, code points [start, end), the model's probability."""

    role: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Event:
    """An event mention: its trigger's span, type, status and arguments, with probabilities."""

    type: str
    start: int
    end: int
    score: float
    status: str
    status_score: float
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """A trigger that someone else proposes: the model says how probable it is, and its arguments."""

    type: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the model finds in one text, each in text order; `hinted` are the events at the hints
    that overlap none of its own, their score the model's probability of such a trigger."""

    names: tuple[Name, ...]
    events: tuple[Event, ...]
    hinted: tuple[Event, ...] = ()


EMPTY = Analysis((), ())
# Chosen on the held-out part of the training articles (see the model card).
TRIGGER_LIFT = -0.5
ROLE_LIFT = 0.0


def _names(encoded: Encoded, scores: dict[str, Floats]) -> tuple[Name, ...]:
    return tuple(
        Name(encoded.starts[s.first], encoded.ends[s.last], s.label, s.score)
        for s in (decode(scores["names"], NAME_TYPES) if scores else ())
    )


class Model:
    """The encoder with its heads, loaded once; safe to use from one thread at a time."""

    def __init__(
        self,
        session: ort.InferenceSession,
        encoder: Encoder,
        roles: RoleScorer | None,
        fingerprint: str,
        calibration: Calibration | None = None,
    ) -> None:
        self._session = session
        self._encoder = encoder
        self._roles = roles
        self._heads = [output.name for output in session.get_outputs()]
        self.fingerprint = fingerprint
        self.calibration = calibration

    @classmethod
    def load(cls, folder: Path | None = None, *, threads: int | None = None) -> Model:
        """Load a model folder (default: the shipped one); `threads` None uses every core.

        Raises ModelError with what to do when a file is missing or of another format. Hashes are
        checked by `verify`, not here: they cost more than loading.
        """
        folder = folder or default_folder()
        manifest = read_manifest(folder)
        # Loaded where it is needed: it keeps threads, and workers are forked from a process without it.
        # From 1.29 on its import otherwise leaves a device id in the user's cache and sends its maker
        # figures of every session; it looks for this once, as it loads.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = threads or 0
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Spinning threads take the cores from the other workers of a run.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = ort.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
            encoder = Encoder(Vocabulary.load(folder / VOCABULARY), Lexicon(folder / LEXICON))
            events = "triggers" in manifest.heads
            roles = RoleScorer.load(folder / ROLE_WEIGHTS) if events else None
        except Exception as error:
            # ONNX Runtime raises classes of its own, without a common base, for a bad graph file.
            raise ModelError(
                f"the model in {folder} cannot be loaded ({error}); check it with `communique models verify`"
            ) from error
        return cls(session, encoder, roles, manifest.fingerprint, manifest.calibration)

    @property
    def has_events(self) -> bool:
        """Tell whether the model has event heads; without them `events` are always empty."""
        return self._roles is not None

    def names(self, texts: Sequence[str], *, consecutive: bool = True) -> list[tuple[Name, ...]]:
        """Return the names of each text, as `analyse` gives them, without the work for events."""
        encoded = [self._encoder.encode(text) for text in texts]
        outputs = self._run(encoded, windows([e.ids for e in encoded], consecutive=consecutive), ("names",))
        return [_names(pieces, found) for pieces, found in zip(encoded, outputs, strict=True)]

    def analyse(
        self, texts: Sequence[str], *, consecutive: bool = True, hints: Sequence[Sequence[Hint]] | None = None
    ) -> list[Analysis]:
        """Return names and events of each text, offsets in code points of that text.

        `hints`: for each text, triggers that rules propose.

        `consecutive`: the texts are one article's lines in order (title first) and share windows,
        so that each has its neighbours as context; otherwise each stands alone, and what is found
        in it depends on nothing else in the call.
        """
        encoded = [self._encoder.encode(text) for text in texts]
        outputs = self._run(encoded, windows([e.ids for e in encoded], consecutive=consecutive), self._heads)
        given = hints if hints is not None else [()] * len(texts)
        return [
            self._analysis(pieces, found, wanted) if found else EMPTY
            for pieces, found, wanted in zip(encoded, outputs, given, strict=True)
        ]

    def _run(self, encoded: Sequence[Encoded], rows: Sequence[Window], heads: Sequence[str]) -> list[dict[str, Floats]]:
        """Return each text's outputs, {head: (pieces, scores)}; {} for a text without pieces."""
        results: list[dict[str, Floats]] = [{} for _ in encoded]
        margins = [np.full(len(e), -1) for e in encoded]
        for window in rows:
            found = self._window(window, heads)
            for part in window.parts:
                n = part.end - part.begin
                # Of overlapping windows each piece keeps the one that shows it more of both
                # sides.
                edge = np.minimum(np.arange(n), np.arange(n)[::-1])
                better = edge > margins[part.line][part.begin : part.end]
                margins[part.line][part.begin : part.end][better] = edge[better]
                for name, scores in found.items():
                    row = scores[part.column : part.column + n]
                    target = results[part.line].get(name)
                    if target is None:
                        shape = (len(encoded[part.line]), scores.shape[1])
                        target = results[part.line][name] = np.zeros(shape, np.float32)
                    target[part.begin : part.end][better] = row[better]
        return results

    def _window(self, window: Window, heads: Sequence[str]) -> dict[str, Floats]:
        """Return {head: (pieces with CLS and SEP, scores)}.

        A window has a pass of its own: int8 scales come from all that a pass holds, so windows that
        shared one would change each other's scores, and padding and fuller caches make it slower.
        """
        ids = np.array([window.ids], dtype=np.int64)
        values = self._session.run(heads, {"ids": ids, "mask": np.ones_like(ids, dtype=np.int32)})
        return {name: scores[0] for name, scores in zip(heads, values, strict=True)}

    def _analysis(self, encoded: Encoded, scores: dict[str, Floats], hints: Sequence[Hint]) -> Analysis:
        names = _names(encoded, scores)
        if self._roles is None:
            return Analysis(names, ())
        spans = decode(scores["triggers"], EVENT_TYPES, lift=TRIGGER_LIFT)
        events = tuple(self._event(encoded, scores, span) for span in spans)
        hinted = tuple(
            self._event(encoded, scores, span)
            for hint in hints
            if (span := self._hinted(encoded, scores, hint)) is not None
            and not any(span.first <= own.last and own.first <= span.last for own in spans)
        )
        return Analysis(names, events, hinted)

    def _hinted(self, encoded: Encoded, scores: dict[str, Floats], hint: Hint) -> PieceSpan | None:
        """The pieces of a hint, with the probability that they are a trigger of its type."""
        inside = [i for i in range(len(encoded)) if encoded.starts[i] < hint.end and hint.start < encoded.ends[i]]
        if not inside:
            return None
        column = 1 + 2 * EVENT_TYPES.index(hint.type)
        own = np.exp(log_softmax(scores["triggers"][inside[0] : inside[-1] + 1]))
        probability = float(own[:, column : column + 2].sum(axis=1).mean())
        return PieceSpan(inside[0], inside[-1], hint.type, probability)

    def _event(self, encoded: Encoded, scores: dict[str, Floats], trigger: PieceSpan) -> Event:
        assert self._roles is not None
        own = slice(trigger.first, trigger.last + 1)
        status = np.exp(log_softmax(scores["status"][own].mean(axis=0)))
        best = int(status.argmax())
        role_scores = self._roles.scores(scores["pairs"], trigger.first, trigger.last)
        for k, role in enumerate(ROLES):
            if role not in ROLES_OF[trigger.label]:
                role_scores[:, 1 + 2 * k : 3 + 2 * k] = -1e4
        arguments = tuple(
            Argument(s.label, encoded.starts[s.first], encoded.ends[s.last], s.score)
            for s in decode(role_scores, ROLES, lift=ROLE_LIFT)
        )
        return Event(
            trigger.label,
            encoded.starts[trigger.first],
            encoded.ends[trigger.last],
            trigger.score,
            STATUSES[best],
            float(status[best]),
            arguments,
        )
