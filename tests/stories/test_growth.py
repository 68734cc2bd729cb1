"""However the articles came and went, the tables have the bytes of a run from nothing."""

import hashlib
import random
from datetime import date, datetime, timedelta

import pytest

from pipeline.core import schemas
from pipeline.core.rows import Argument, Article, Event, Mention, Sentence
from pipeline.core.store import Store
from pipeline.entities.linking import unlisted_id
from pipeline.stories import notes, stage
from tests.stories.test_stage import bytes_of

PEOPLE = (
    ("Rosalva Quintero", "روسالفا كينتيرو", "罗萨尔瓦·金特罗"), ("Tomas Lindqvist", "توماس ليندكفيست", "托马斯·林德奎斯特"),
    ("Dmitri Kovalchenko", "دميتري كوفالتشينكو", "德米特里·科瓦尔琴科"), ("Mirela Kovacevska", "ميريلا كوفاتشيفسكا", "米雷拉"),
)  # fmt: skip
FORMS = (
    (
        "en",
        "{a} met {b} in Chile on day {n}. “We will not reopen the harbour before the pilots have signed,” {a} said.",
    ),
    ("ar", "التقى {a} مع {b} في تشيلي يوم {n}. وقال {a}: «لن نفتح الميناء قبل أن يوقع المرشدون الاتفاق»."),
    ("zh", "{a}在智利会见{b}，第{n}天。{a}说：“在引航员签字之前我们不会重新开放港口。”"),
)
TRIGGERS = {"en": ("met", "said", "Chile"), "ar": ("التقى", "وقال", "تشيلي"), "zh": ("会见", "说", "智利")}
FIRST = date(2026, 3, 1)


def chunk_rows(name):
    """The rows of a chunk of three articles or so, always the same for a name."""
    random_ = random.Random(name)
    rows = {t: [] for t in notes.TABLES}
    for n in range(random_.randint(2, 4)):
        article_id = hashlib.sha256(f"{name}/{n}".encode()).hexdigest()[:16]
        which = random_.randrange(3)
        language, form = FORMS[which]
        one, two = (person[which] for person in random_.sample(PEOPLE, 2))
        day = FIRST + timedelta(random_.randrange(25))
        text = form.format(a=one, b=two, n=random_.randrange(10, 99))
        sha = hashlib.sha256(text.encode()).hexdigest()
        rows["articles"].append(
            Article(article_id, f"{name}.txt", n, None, None, None, None, datetime.combine(day, datetime.min.time()),
                    "record", language, (language,), text, sha, sha, 0.0, 1))  # fmt: skip
        rows["sentences"].append(Sentence(article_id, 0, 0, len(text), language, "body", text))
        met, said, place = TRIGGERS[language]
        found = [(one, unlisted_id(one, "PER"), "PER"), (two, unlisted_id(two, "PER"), "PER"), (place, "Q298", "GPE")]
        found += [(text[0], known, "GPE") for known in ("Q750", "Q419") if random_.random() < 0.8]
        for words, entity_id, label in found:
            at = text.index(words)
            rows["mentions"].append(
                Mention(f"{article_id}-{at}-{entity_id}", article_id, 0, at, at + len(words), words, label, "name",
                        entity_id, None, "t"))  # fmt: skip
        told = day - timedelta(1) if random_.random() < 0.7 else None
        quote = text[text.index(said) :]
        for type_, trigger in (("meeting", met), ("statement", said)):
            at = text.index(trigger)
            event = dict.fromkeys(Event.__dataclass_fields__) | {
                "event_id": f"{article_id}-{type_}", "article_id": article_id, "sentence_id": 0, "type": type_,
                "status": random_.choice(("actual", "actual", "planned")), "trigger": trigger, "start": at,
                "end": at + len(trigger), "time_start": told, "time_end": told, "time_source": told and "relative",
                "method": "rules", "place": place, "place_entity_id": "Q298",
            }  # fmt: skip
            if type_ == "statement":
                event |= {"quote": quote, "quote_start": text.index(quote), "quote_end": len(text)}
            rows["events"].append(Event(**event))
            for who in (one, two) if type_ == "meeting" else (one,):
                role = "participant" if type_ == "meeting" else "speaker"
                at = text.index(who)
                rows["arguments"].append(
                    Argument(event["event_id"], article_id, role, at, at + len(who), who, unlisted_id(who, "PER"), who))  # fmt: skip
    return rows


def put(store, name):
    rows = chunk_rows(name)
    for table in notes.TABLES:
        store.write(schemas.by_name(table), name, rows[table], {f"{name}.txt": {"events": name}})


def remove(store, name):
    for table in notes.TABLES:
        store.drop(table, name)


def new_store(folder):
    store = Store(folder)
    store.prepare_parent()
    return store


@pytest.mark.parametrize("seed", range(4))
def test_grown_and_shrunk_as_from_nothing(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(stage, "_MANY", 0)
    random_ = random.Random(seed)
    grown, there, signature = new_store(tmp_path / "grown"), set(), ""
    joined = merged = 0
    for step in range(5):
        for _ in range(random_.randint(1, 3)):
            name = f"c{random_.randrange(40):02}"
            there.add(name)
            put(grown, name)
        if step > 1 and random_.random() < 0.7:
            name = random_.choice(sorted(there))
            there.discard(name)
            remove(grown, name)
        if step and random_.random() < 0.4:
            # What is remembered may be lost or damaged at any time.
            victim = random_.choice(sorted((grown.folder / notes.FOLDER).iterdir()))
            victim.write_bytes(victim.read_bytes()[: random_.randrange(60)])
        signature = stage.update(grown, before=signature, workers=2)
        fresh = new_store(tmp_path / f"fresh{step}")
        for name in sorted(there):
            put(fresh, name)
        stage.update(fresh, before="")
        assert bytes_of(grown) == bytes_of(fresh)
        stories = fresh.read(schemas.STORIES, stage.PART)
        merged = max(merged, *(s.n_articles for s in stories), 0)
        joined = max(joined, sum(bool(fresh.local("mentions", c)) for c in there))
    assert merged > 1
    assert joined
