"""A small set of tables written by hand: what a page must show does not depend on a model's mood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.core import rows, schemas
from pipeline.core.store import Store

HOSTILE = '</script><img src=x onerror="window.hacked=1"> [bold]\u202egnp.exe & "quoted"'
"""A headline that would break a careless page."""
WIDE = "\N{FISH}\U00020bb7"
"""Two characters of two UTF-16 units each: an emoji and a rare Chinese surname."""


@dataclass
class Corpus:
    """Rows by table; spans are found in the text, so that no offset is counted by hand."""

    rows: dict[str, list[Any]] = field(default_factory=lambda: {t.name: [] for t in schemas.TABLES})

    def article(
        self, key: str, lines: list[tuple[str, str, str]], *, day: int | None, title: str | None, **more: Any
    ) -> str:
        """Add an article of lines (language, kind, text), each a sentence; returns its id."""
        text, at = "", 0
        for number, (language, kind, line) in enumerate(lines):
            at = len(text)
            text += line + "\n"
            self.rows["sentences"].append(rows.Sentence(key, number, at, at + len(line), language, kind, line))
        languages = tuple(dict.fromkeys(language for language, _, _ in lines))
        given: dict[str, Any] = {
            "source": f"{key}.txt", "source_index": 0, "url": None, "author": None, "publisher": "The Lighthouse",
            "published_at": None if day is None else datetime(2026, 1, day), "published_from": None,
            "raw_sha256": "", "content_sha256": "", "garbled": 0.0,
        }  # fmt: skip
        given |= more
        self.rows["articles"].append(
            rows.Article(
                article_id=key, title=title, language=languages[0], languages=languages, text=text,
                n_sentences=len(lines), **given,
            )
        )  # fmt: skip
        return key

    def event(
        self, article: str, kind: str, status: str, trigger: str, *, line: int = 0, story: str | None = None,
        args: tuple[tuple[str, str, str | None], ...] = (), day: int | None = None,
    ) -> str:  # fmt: skip
        """Add an event whose trigger and arguments (role, text, entity id) stand in a line."""
        sentence = next(s for s in self.rows["sentences"] if s.article_id == article and s.sentence_id == line)
        start = sentence.start + sentence.text.index(trigger)
        key = f"{article}-{kind[0]}{start}"
        day_ = None if day is None else date(2026, 1, day)
        empty = dict.fromkeys((c.name for c in schemas.EVENTS.columns), None)
        self.rows["events"].append(
            rows.Event(**{
                **empty, "event_id": key, "article_id": article, "sentence_id": line, "type": kind, "status": status,
                "trigger": trigger, "start": start, "end": start + len(trigger), "time_start": day_, "time_end": day_,
                "time_source": day_ and "explicit", "score": 0.9, "method": "model+rules", "story_id": story,
                "cameo": "040",
            })
        )  # fmt: skip
        names = {e.entity_id: e.name for e in self.rows["entities"]}
        for role, text, entity in args:
            at = sentence.start + sentence.text.index(text)
            self.rows["arguments"].append(
                rows.Argument(key, article, role, at, at + len(text), text, entity, names.get(entity))
            )
            if role not in ("time",):
                mention = f"{article}-{at}"
                self.rows["mentions"].append(
                    rows.Mention(mention, article, line, at, at + len(text), text, "PER", "name", entity, 0.9, "test")
                )
        return key

    def entity(self, key: str, name: str, label: str = "PER", **names: str) -> None:
        """Add an entity."""
        empty = dict.fromkeys((c.name for c in schemas.ENTITIES.columns), None)
        self.rows["entities"].append(
            rows.Entity(
                **{**empty, "entity_id": key, "name": name, "label": label, "n_mentions": 1, "n_articles": 1, **names}
            )
        )

    def story(self, key: str, history: tuple[tuple[int, str, str], ...], who: tuple[str, ...], **more: Any) -> None:
        """Add a story with its status changes (day, status, article)."""
        days = [datetime(2026, 1, d) for d, _, _ in history]
        empty = dict.fromkeys((c.name for c in schemas.STORIES.columns), None)
        changes = tuple(rows.StatusChange(datetime(2026, 1, d), s, a) for d, s, a in history)
        given = {
            "story_id": key, "type": "meeting", "status": history[-1][1], "status_history": changes,
            "participants": who, "supersedes": (), "n_mentions": len(history), "n_articles": len(history), "languages": ("en",),
            "first_published": min(days), "last_published": max(days),
        }  # fmt: skip
        self.rows["stories"].append(rows.Story(**{**empty, **given, **more}))

    def write(self, folder: Path) -> Path:
        """Write all tables as parts under ``folder``."""
        store = Store(folder)
        for table in schemas.TABLES:
            store.write(table, "0", self.rows[table.name], {})
        return folder


def harbour() -> Corpus:
    """Two ministers whose meeting is planned, called off and held, in three languages; a hostile page; a long one."""
    c = Corpus()
    c.entity("x1", "Ada Holm", name_ar="آدا هولم", name_zh="阿达·霍尔姆", role="minister")
    c.entity("x2", "Omar Saleh", name_ar="عمر صالح", name_zh="奥马尔·萨利赫")
    c.entity("Q585", "Oslo", "GPE")
    c.entity("x9", HOSTILE)
    c.entity("x3", "Bo Li", "PER")
    c.article("a1", [("en", "title", "Ministers to meet in Oslo"), ("en", "body", "Ada Holm will meet Omar Saleh in Oslo."),
                     ("en", "boilerplate", "Subscribe to our newsletter")], day=5, title="Ministers to meet in Oslo",
              url="https://lighthouse.example/1")  # fmt: skip
    both = (("participant", "Ada Holm", "x1"), ("participant", "Omar Saleh", "x2"), ("place", "Oslo", "Q585"))
    c.event("a1", "meeting", "planned", "meet", line=1, story="s1", args=both, day=12)
    c.article("a2", [("ar", "title", "إلغاء اللقاء"), ("ar", "body", "وقال عمر صالح إن لقاء آدا هولم ألغي."),
                     ("en", "body", "A note in English.")], day=8, title="إلغاء اللقاء")  # fmt: skip
    c.event("a2", "statement", "actual", "قال", line=1, args=(("speaker", "عمر صالح", "x2"),))
    c.event("a2", "meeting", "cancelled", "لقاء", line=1, story="s1",
            args=(("participant", "آدا هولم", "x1"), ("participant", "عمر صالح", "x2")), day=12)  # fmt: skip
    c.article("a3", [("zh", "body", f"{WIDE}阿达·霍尔姆会见奥马尔·萨利赫。"), ("en", "body", f"{WIDE} Ada Holm met Omar Saleh."),
                     ("ar", "body", "التقت آدا هولم عمر صالح.")][:2], day=13, title="会见 / A meeting")  # fmt: skip
    c.event("a3", "meeting", "actual", "会见", story="s1",
            args=(("participant", "阿达·霍尔姆", "x1"), ("participant", "奥马尔·萨利赫", "x2")), day=12)  # fmt: skip
    c.event("a3", "meeting", "actual", "met", line=1, story="s1", args=both[:2], day=12)
    c.story("s1", ((5, "planned", "a1"), (8, "cancelled", "a2"), (13, "actual", "a3")), ("Ada Holm", "Omar Saleh"),
            time_start=date(2026, 1, 12), time_end=date(2026, 1, 12), place="Oslo", languages=("en", "ar", "zh"), supersedes=("s0",))  # fmt: skip
    c.article("a4", [("en", "title", HOSTILE), ("en", "body", "Bo Li denied that <b>he</b> called </script> Ada Holm.")],
              day=9, title=HOSTILE, url="javascript:alert(1)", publisher=HOSTILE, source=f"{HOSTILE}.txt")  # fmt: skip
    c.event("a4", "call", "negated", "called", line=1, story="s2",
            args=(("participant", "Bo Li", "x9"), ("participant", "Ada Holm", "x1")))  # fmt: skip
    c.story("s2", ((9, "negated", "a4"),), (HOSTILE, "Ada Holm"), type="call", place=HOSTILE)
    lines = [("en", "body", f"Bo Li said number {n} of the day.") for n in range(40)]
    c.article("a5", lines, day=14, title="Forty sayings")
    for n in range(40):
        c.event("a5", "statement", "actual", "said", line=n, args=(("speaker", "Bo Li", "x3"),))
    c.article("a6", [("fa", "body", "این متن فارسی است.")], day=None, title=None, duplicate_of="a1")
    c.rows["failures"].append(rows.Failure("broken.html", None, "articles", "ReadError", f"no text {HOSTILE}"))
    return c
