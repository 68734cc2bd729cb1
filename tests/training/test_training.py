"""Packing, event items, the tagger of characters and the exported graph: what training and runtime must agree on."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from pipeline.model import default_folder, lexicon  # noqa: E402
from pipeline.model.encoding import Encoder  # noqa: E402
from pipeline.model.labels import EVENT_TYPES, ROLES, STATUSES  # noqa: E402
from pipeline.model.manifest import VOCABULARY  # noqa: E402
from pipeline.model.pieces import CLS, MARK, PAD, SEP, Vocabulary  # noqa: E402
from training import events  # noqa: E402
from training.packing import IGNORED, Item, pack, wrap  # noqa: E402
from training.tagger import Tagger  # noqa: E402

NAMED = ("triggers", "names")
HAN_PIECES = 24


def test_packed_rows_hold_every_item_once_and_wall_them_off() -> None:
    rng = random.Random(1)
    sizes = [rng.choice((3, 20, 40, 90, 126, 130, 250)) for _ in range(400)]
    items = [Item(wrap([1000 + i] * n), np.full(n + 2, 1)) for i, n in enumerate(sizes)]
    seen: list[int] = []
    for batch in pack(items, rng, pool=200):
        assert batch.ids.numel() == 1024
        for item, row, column in batch.places:
            end = column + len(item.ids)
            assert batch.ids[row, column:end].tolist() == item.ids.tolist()
            assert batch.positions[row, column:end].tolist() == list(range(len(item.ids)))
            mask = batch.mask[row, 0, column]
            assert (mask[column:end] == 0).all()
            assert (mask[:column] < 0).all()
            assert (mask[end:] < 0).all()
            seen.append(int(item.ids[1]))
        padding = batch.ids == PAD
        assert (batch.labels[padding] == IGNORED).all()
    assert len(seen) == len(set(seen)) >= 200


def test_event_items_put_targets_on_the_right_pieces(tmp_path: Path) -> None:
    lines = ["The talks", "Ana Ruiz said Bo Chen would meet her in Lima.", "", "وقال الوزير ذلك."]
    (tmp_path / "d.en.txt").write_text("\n".join(lines), encoding="utf-8")
    rows = [
        ("statement", "said", "actual", 1, [["speaker", "Ana Ruiz", "Ana Ruiz"]]),
        (
            "meeting",
            "meet",
            "planned",
            1,
            [["participant", "her", ""], ["place", "Lima", "Lima"], ["participant", "talks@0", ""]],
        ),
        ("statement", "قال", "actual", 3, [["speaker", "الوزير", "minister"]]),
        ("call", "not there", "actual", 3, []),
    ]
    file = tmp_path / "events.jsonl"
    file.write_text(
        "\n".join(
            json.dumps(
                {
                    "doc": "d",
                    "lang": "en",
                    "line": line,
                    "ev": "X",
                    "type": kind,
                    "trigger": trigger,
                    "status": status,
                    "args": arguments,
                }
            )
            for kind, trigger, status, line, arguments in rows
        ),
        encoding="utf-8",
    )
    (document,) = events.read(file, tmp_path)
    assert sum(map(len, document.mentions)) == 3
    encoder = Encoder(Vocabulary.load(default_folder() / VOCABULARY))
    made = events.chunk_item(document, 0, 8, encoder, "")
    assert made is not None
    item, places = made
    assert item.ids[0] == CLS
    assert item.ids[-1] == SEP
    targets = item.extra
    assert isinstance(targets, events.EventTargets)
    assert len(targets.labels) == len(item.ids)
    text_of = {}
    for line, column, encoded in places:
        for k, (s, e) in enumerate(zip(encoded.starts, encoded.ends, strict=True)):
            text_of[column + k] = lines[line][s:e]
    triggers = ["".join(text_of[p] for p in range(t.first, t.last + 1)) for t in targets.triggers]
    assert triggers == ["said", "meet", "قال"]
    assert [STATUSES[t.status] for t in targets.triggers] == ["actual", "planned", "actual"]
    meet = targets.triggers[1]
    found = {ROLES[(label - 1) // 2]: text_of[meet.begin + k] for k, label in enumerate(meet.roles) if label}
    assert found == {"participant": "her", "place": "Lima"}
    assert targets.labels[meet.first] == 1 + 2 * EVENT_TYPES.index("meeting")


def _tagger() -> Tagger:
    """A tagger of 12 characters; the last stands for the ends of texts. Pieces under HAN_PIECES are Han characters."""
    tagger = Tagger(50, 12)
    with torch.no_grad():
        for parameter in tagger.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
        # The graph keeps them in half precision.
        tagger.rows.copy_(tagger.rows.half())
        tagger.rows[:, -1] = torch.arange(12) == 11
        tagger.row.copy_(torch.arange(50) % 12)
        tagger.han.copy_(torch.arange(50) < HAN_PIECES)
    return tagger


@pytest.mark.parametrize("first", [4, HAN_PIECES])
def test_the_graph_computes_what_the_trained_network_computes(first: int) -> None:
    ort = pytest.importorskip("onnxruntime")
    from training.branch import reader
    from training.encoder import HIDDEN, Branch, QuantisedRows
    from training.encoder import Encoder as Network
    from training.graph import WITNESS, build
    from training.tagger import Witness

    torch.manual_seed(2)
    rng = np.random.default_rng(2)
    words = QuantisedRows(rng.integers(0, 256, (50, 192), dtype=np.uint8), np.full((50, 12), 0.02, np.float16))
    network, branch, witness = Network().eval(), Branch(_tagger()).eval(), Witness(_tagger()).eval()
    with torch.no_grad():
        # Training moves what clears the state a little.
        witness.tagger.rows[:, -1] += 0.01 * torch.randn(12)
    for module in (branch.marks, branch.told, witness.marks, witness.names):
        torch.nn.init.normal_(module.weight, std=0.3)
    states, layers, second = ({k: v.numpy() for k, v in m.state_dict().items()} for m in (network, branch, witness))
    heads = {name: (rng.normal(size=(7, HIDDEN)).astype(np.float32), np.zeros(7, np.float32)) for name in NAMED}
    ids = rng.integers(first, 50, (2, 9))
    marked = ids + MARK * rng.integers(0, lexicon.COUNT, (2, 9))
    mask = np.ones((2, 9), np.int32)
    mask[1, 6:] = 0
    additive = torch.from_numpy(np.where(mask == 1, 0.0, -1e4).astype(np.float32))[:, None, None]
    table, places = torch.from_numpy(words.dequantised()), torch.arange(9).repeat(2, 1)
    with torch.no_grad():
        read = {
            "triggers": network(table[torch.from_numpy(ids)], places, additive),
            "names": reader(table, network, branch)(torch.from_numpy(marked), places, additive),
        }
        said = witness.names(witness(torch.from_numpy(marked))).log_softmax(-1).numpy()
    expected = {name: read[name].numpy() @ heads[name][0].T for name in NAMED}
    own = torch.from_numpy(expected["names"]).log_softmax(-1).numpy()
    han = branch.tagger.han.numpy()[ids][..., None] == 1
    assert han.any() == (first < HAN_PIECES)
    expected["names"] = np.where(han, (1 - WITNESS) * own + WITNESS * said, expected["names"])
    for int8, tolerance in ((False, 1e-2), (True, 3.0)):
        graph = build(words, states, heads, branch=layers, witness=second, int8=int8)
        session = ort.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
        for name, found in zip(NAMED, session.run(list(NAMED), {"ids": marked, "mask": mask}), strict=True):
            assert np.abs(found - expected[name])[mask == 1].max() < tolerance


def test_a_branch_begins_as_the_encoder_reads() -> None:
    from training.branch import copied, reader
    from training.encoder import HIDDEN
    from training.encoder import Encoder as Network

    torch.manual_seed(3)
    network = Network().eval()
    ids = torch.randint(4, 50, (1, 7))
    table, places, mask = torch.randn(50, HIDDEN), torch.arange(7)[None], torch.zeros(1, 1, 1, 7)
    with torch.no_grad():
        found = reader(table, network, copied(network, _tagger()).eval())(ids, places, mask)
        assert torch.equal(found, network(table[ids], places, mask))
