"""Tiny Stanza models trained with Stanza's own trainers, laid out as a download lays them out.

Tokenizer, multi-word-token expander and name tagger see a few hundred sentences made of templates
written here. They learn these templates and nothing else, which is what a test of offsets needs.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "tiny"


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a training sentence: its BIOES tag, and its words where it is several."""

    text: str
    tag: str = "O"
    words: tuple[str, ...] = ()
    space: bool = True


Sentence = tuple[Token, ...]


def name(text: str, label: str, *, space: bool = True) -> list[Token]:
    """Tag the space-separated words of a name."""
    parts = text.split()
    if len(parts) == 1:
        return [Token(text, f"S-{label}", space=space)]
    tags = ["B", *"I" * (len(parts) - 2), "E"]
    return [Token(p, f"{t}-{label}", space=space or p is not parts[-1]) for p, t in zip(parts, tags, strict=True)]


_AR_PEOPLE = ("سامي درويش", "ليلى حداد", "نادر الخطيب", "هالة منصور", "وليد شاهين", "رنا")
_AR_PLACES = ("الرياض", "القاهرة", "بيروت", "عمان", "لبنان", "البصرة")
_EN_PEOPLE = ("Ana Sol", "Omar Reyes", "Ida Brandt", "Leo Novak", "Mira Costa", "Sol")
_EN_PLACES = ("Quito", "Oslo", "Lima", "Riga", "New Lima", "Porto Sol")
_ZH_PEOPLE = ("王小明", "李思远", "陈佳", "赵文博", "周雨")
_ZH_PLACES = ("北京", "开罗", "利马", "奥斯陆")


def _ar_joined(proclitic: str, place: str) -> Token:
    """A place with a joined preposition; ل + ال is written لل, so that its words have no offsets."""
    written = "لل" + place[2:] if proclitic == "ل" and place.startswith("ال") else proclitic + place
    return Token(written, "S-LOC", (proclitic, place))


def arabic(count: int, seed: int) -> list[Sentence]:
    """Sentences with names whose token is several words: والرياض, للقاهرة."""

    def one(pick: random.Random) -> Iterator[Token]:
        verb = pick.choice(("زار", "غادر", "دخل"))
        yield Token(verb)
        yield from name(pick.choice(_AR_PEOPLE), "PER")
        match pick.randrange(3):
            case 0:
                yield from name(pick.choice(_AR_PLACES), "LOC")
                yield _ar_joined("و", pick.choice(_AR_PLACES))
                yield Token("أمس", space=False)
            case 1:
                yield Token("في")
                yield Token("زيارة")
                yield _ar_joined("ل", pick.choice(_AR_PLACES))
                yield Token("اليوم", space=False)
            case _:
                yield from name(pick.choice(_AR_PLACES), "LOC")
                yield Token("أمس", space=False)
        yield Token(".", space=False)

    return [tuple(one(random.Random(f"ar{seed}{n}"))) for n in range(count)]


def english(count: int, seed: int) -> list[Sentence]:
    """Sentences with possessives, and contractions that stand before a name ("gonna")."""

    def one(pick: random.Random) -> Iterator[Token]:
        *first, last = name(pick.choice(_EN_PEOPLE), "PERSON")
        match pick.randrange(3):
            case 0:
                yield from first
                yield Token(f"{last.text}'s", last.tag, (last.text, "'s"))
                yield Token("visit")
                yield Token("to")
                yield from name(pick.choice(_EN_PLACES), "GPE")
                yield Token("ended", space=False)
            case 1:
                yield Token("The")
                yield Token("minister")
                yield Token("didn't", words=("did", "not"))
                yield Token("meet")
                yield from first
                yield last
                yield Token("in")
                yield from name(pick.choice(_EN_PLACES), "GPE", space=False)
            case _:
                yield from first
                yield last
                yield Token("left")
                yield from name(pick.choice(_EN_PLACES), "GPE")
                yield Token("on")
                yield Token("Monday", "S-DATE", space=False)
        yield Token(".", space=False)

    return [tuple(one(random.Random(f"en{seed}{n}"))) for n in range(count)]


def chinese(count: int, seed: int) -> list[Sentence]:
    """Sentences without spaces."""

    def one(pick: random.Random) -> Iterator[Token]:
        yield from name(pick.choice(_ZH_PEOPLE), "PERSON", space=False)
        yield Token(pick.choice(("昨天", "今天", "周一")), space=False)
        yield Token(pick.choice(("在", "访问", "离开")), space=False)
        yield from name(pick.choice(_ZH_PLACES), "GPE", space=False)
        yield Token("。", space=False)

    return [tuple(one(random.Random(f"zh{seed}{n}"))) for n in range(count)]


def written(sentence: Sentence) -> str:
    """The sentence's text."""
    return "".join(t.text + " " * t.space for t in sentence).strip()


def train(root: Path, code: str, sentences: Sequence[Sentence], *, seed: int = 1) -> None:
    """Train a pipeline for ``code`` under ``root`` and add it to ``root/resources.json``."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the tensors are so small that threads only wait for each other
    try:
        _train(root, code, sentences, seed)
    finally:
        torch.set_num_threads(threads)


def _train(root: Path, code: str, sentences: Sequence[Sentence], seed: int) -> None:
    work = root / "training" / code
    work.mkdir(parents=True)
    multi = any(t.words for s in sentences for t in s)
    for processor in ("tokenize", "ner", "pretrain", *(["mwt"] if multi else [])):
        (root / code / processor).mkdir(parents=True)
    _train_tokenizer(root, code, sentences, work, seed)
    if multi:
        _train_mwt(root, code, sentences, work, seed)
    _train_ner(root, code, sentences, work, seed)
    _list(root, code, multi)


def _train_tokenizer(root: Path, code: str, sentences: Sequence[Sentence], work: Path, seed: int) -> None:
    from stanza.models import tokenizer

    texts, labels = [], []
    for at in range(0, len(sentences), 3):
        paragraph = sentences[at : at + 3]
        texts.append(" ".join(written(s) for s in paragraph))
        labels.append("0".join(_character_labels(s) for s in paragraph))
    (work / "text.txt").write_text("\n\n".join(texts), encoding="utf-8")
    (work / "labels.txt").write_text("\n\n".join(labels), encoding="utf-8")
    expansions = {(t.text, t.words) for s in sentences for t in s if t.words}
    (work / "mwt.json").write_text(json.dumps([[e, 1] for e in sorted(expansions)]), encoding="utf-8")
    tokenizer.main([
        "--txt_file", str(work / "text.txt"), "--label_file", str(work / "labels.txt"),
        "--dev_txt_file", str(work / "text.txt"), "--dev_label_file", str(work / "labels.txt"),
        "--mwt_json_file", str(work / "mwt.json"), "--lang", code, "--shorthand", f"{code}_{PACKAGE}",
        "--save_dir", str(root / code / "tokenize"), "--save_name", f"{PACKAGE}.pt", "--cpu", "--seed", str(seed),
        "--emb_dim", "16", "--hidden_dim", "32", "--dropout", "0.1", "--unit_dropout", "0.05", "--lr0", "0.01",
        "--steps", "120", "--eval_steps", "100000", "--report_steps", "120", "--batch_size", "8",
        *(["--skip_newline"] if code.startswith("zh") else []),
    ])  # fmt: skip


def _character_labels(sentence: Sentence) -> str:
    """Stanza's labels: 1 ends a token, 3 a multi-word token, 2 and 4 the same at a sentence's end."""
    labels = []
    for token in sentence:
        labels += ["0"] * (len(token.text) - 1) + ["3" if token.words else "1"] + ["0"] * token.space
    while labels[-1] == "0":
        labels.pop()
    labels[-1] = "4" if labels[-1] == "3" else "2"
    return "".join(labels)


def _train_mwt(root: Path, code: str, sentences: Sequence[Sentence], work: Path, seed: int) -> None:
    from stanza.models import mwt_expander

    conllu = work / "mwt.conllu"
    conllu.write_text("\n".join(_conllu(s) for s in sentences) + "\n", encoding="utf-8")
    mwt_expander.main([
        "--train_file", str(conllu), "--eval_file", str(conllu), "--gold_file", str(conllu), "--lang", code,
        "--shorthand", f"{code}_{PACKAGE}", "--save_dir", str(root / code / "mwt"), "--save_name", f"{PACKAGE}.pt",
        "--dict_only", "--no_force_exact_pieces", "--cpu", "--seed", str(seed),
    ])  # fmt: skip


def _conllu(sentence: Sentence) -> str:
    lines, at = [f"# text = {written(sentence)}"], 1
    for token in sentence:
        words = token.words or (token.text,)
        misc = "_" if token.space else "SpaceAfter=No"
        if token.words:
            lines.append(f"{at}-{at + len(words) - 1}\t{token.text}" + "\t_" * 7 + f"\t{misc}")
        for word in words:
            tail = "_" if token.words else misc
            lines.append(f"{at}\t{word}\t_\tX\t_\t_\t{max(0, at - 1)}\t{'dep' if at > 1 else 'root'}\t_\t{tail}")
            at += 1
    return "\n".join(lines) + "\n"


def _train_ner(root: Path, code: str, sentences: Sequence[Sentence], work: Path, seed: int) -> None:
    import torch
    from stanza.models import ner_tagger
    from stanza.models.common.pretrain import Pretrain

    words = sorted({t.text.lower() for s in sentences for t in s})
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(len(words), 16, generator=generator)
    rows = [" ".join([w, *(f"{x:.4f}" for x in v)]) for w, v in zip(words, vectors.tolist(), strict=True)]
    (work / "vectors.txt").write_text("\n".join([f"{len(words)} 16", *rows]) + "\n", encoding="utf-8")
    pretrain = root / code / "pretrain" / f"{PACKAGE}.pt"
    Pretrain(str(pretrain), str(work / "vectors.txt")).load()
    data = [[{"text": t.text, "ner": t.tag} for t in s] for s in sentences]
    (work / "ner.json").write_text(json.dumps(data), encoding="utf-8")
    ner_tagger.main([
        "--train_file", str(work / "ner.json"), "--eval_file", str(work / "ner.json"), "--shorthand", f"{code}_{PACKAGE}",
        "--wordvec_pretrain_file", str(pretrain), "--save_dir", str(root / code / "ner"), "--save_name", f"{PACKAGE}.pt",
        "--word_emb_dim", "16", "--hidden_dim", "32", "--char_emb_dim", "8", "--char_hidden_dim", "16",
        "--dropout", "0.1", "--optim", "adam", "--lr", "0.01", "--batch_size", "16", "--max_steps", "60",
        "--eval_interval", "100000", "--log_step", "60", "--cpu", "--seed", str(seed),
    ])  # fmt: skip


def _list(root: Path, code: str, multi: bool) -> None:
    """Enter the models into resources.json, in the form that ``stanza.download`` writes."""
    path = root / "resources.json"
    resources = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    default = {"tokenize": PACKAGE, "ner": PACKAGE} | ({"mwt": PACKAGE} if multi else {})
    entry: dict[str, object] = {processor: {PACKAGE: {}} for processor in (*default, "pretrain")}
    entry["ner"] = {PACKAGE: {"dependencies": [{"model": "pretrain", "package": PACKAGE}]}}
    resources[code] = entry | {"packages": {"default": default}, "lang_name": code}
    path.write_text(json.dumps(resources, indent=1), encoding="utf-8")
