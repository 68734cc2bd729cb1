"""A user's own people and words: they add to the packaged ones, rerun what they touch, and are checked first."""

import pyarrow.parquet as pq
import pytest

from pipeline.core.additions import read_additions
from pipeline.core.config import Config, ConfigError, Entities, Events, Language, load_config
from pipeline.entities.lexicon import load_lexicon
from pipeline.languages.entries import party_entries, status_cues, trigger_entries
from pipeline.run import run
from pipeline.run.stages import Stages

PEOPLE = """name_en,name_ar,name_zh,country,role,start
Ilka Brandvoll,إيلكا براندفول,伊尔卡·布兰德沃尔,NO,Foreign Minister of Norway,2025-01-01
"""
TRIGGER = """[[trigger]]
pattern = "huddled with"
type = "meeting"
pos = "verb"
match = ["The envoy ⟦huddled with⟧ Olaf Scholz."]
not = ["They huddled in the rain."]
"""
ENGLISH = (
    "---\ndate: 2025-03-03\n---\n\nGENEVA - Minister Ilka Brandvoll huddled with Chancellor Olaf Scholz on Sunday.\n"
)
ARABIC = "---\ndate: 2025-03-03\n---\n\nقالت الوزيرة إيلكا براندفول، يوم الأحد، إن العمل مستمر.\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "words" / "en").mkdir(parents=True)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "words" / "en" / "triggers.toml").write_text(TRIGGER, encoding="utf-8")
    (tmp_path / "communique.toml").write_text(
        '[entities]\nengine = "gazetteer"\ntables = "people.csv"\n[events]\nengine = "rules"\n[language]\nwords = "words"\n'
    )
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text(ENGLISH, encoding="utf-8")
    (raw / "b.txt").write_text(ARABIC, encoding="utf-8")
    return tmp_path


def events_of(folder):
    return pq.read_table(folder / "events").to_pylist(), pq.read_table(folder / "arguments").to_pylist()


def test_own_people_and_words_make_events_and_rerun_only_what_they_touch(folder, small_config):
    out = folder / "out"
    run(raw=folder / "raw", processed=out, config=small_config, workers=1)
    events, arguments = events_of(out)
    assert not any(e["trigger"] == "huddled with" for e in events)
    assert not any(a["entity_id"] == "own-ilka-brandvoll" for a in arguments)

    config = load_config(folder / "communique.toml")
    assert run(raw=folder / "raw", processed=out, config=config, workers=1).processed == 2
    events, arguments = events_of(out)
    assert [e["trigger"] for e in events if e["type"] == "meeting"] == ["huddled with"]
    speakers = {a["entity_name"] for a in arguments if a["role"] == "speaker"}
    assert speakers == {"Ilka Brandvoll"}, "the Arabic article names her, the table joins the scripts"
    assert {a["entity_id"] for a in arguments if a["role"] == "participant"} >= {"own-ilka-brandvoll"}
    assert run(raw=folder / "raw", processed=out, config=config, workers=1).processed == 0

    (folder / "words" / "en" / "triggers.toml").write_text(TRIGGER.replace("huddled with", "conferred by", 1), "utf-8")
    with pytest.raises(ConfigError, match="does not match"):
        run(raw=folder / "raw", processed=out, config=config, workers=1)
    (folder / "words" / "en" / "triggers.toml").unlink()
    run(raw=folder / "raw", processed=out, config=config, workers=1)
    assert not any(e["trigger"] == "huddled with" for e in events_of(out)[0])


def test_additions_hold_only_where_they_are_active(folder):
    config = load_config(folder / "communique.toml")
    before = len(trigger_entries("en"))
    with read_additions(config).active():
        assert len(trigger_entries("en")) == before + 1
        assert trigger_entries("en")[0].own
        assert len(trigger_entries("ar")) == len(trigger_entries("ar"))
        assert load_lexicon().named("伊尔卡·布兰德沃尔")
    assert len(trigger_entries("en")) == before
    assert not load_lexicon().named("伊尔卡·布兰德沃尔")


def test_moving_the_folder_changes_no_fingerprint(folder, tmp_path):
    first = Stages(load_config(folder / "communique.toml"))
    (folder / "elsewhere").mkdir()
    for name in ("people.csv", "words", "communique.toml"):
        (folder / name).rename(folder / "elsewhere" / name)
    second = Stages(load_config(folder / "elsewhere" / "communique.toml"))
    assert [first.signature(s) for s in ("articles", "language", "entities", "events")] == [
        second.signature(s) for s in ("articles", "language", "entities", "events")
    ]
    plain = Stages(Config(entities=Entities(engine="gazetteer"), events=Events(engine="rules")))
    assert plain.signature("language") == first.signature("language")
    assert plain.signature("entities") != first.signature("entities")
    assert plain.signature("events") != first.signature("events")


def test_a_row_on_a_known_entity_completes_it(tmp_path):
    table = tmp_path / "more.csv"
    table.write_text(
        "entity_id,name_en,role,start,end\nQ22686,The Donald,President of the United States,2017-01-20,2021-01-20\n"
    )
    with read_additions(Config(entities=Entities(tables=(str(table),)))).active():
        lexicon = load_lexicon()
        assert [e.entity_id for e in lexicon.named("The Donald")] == ["Q22686"]
        assert lexicon.by_id["Q22686"].name_en == "Donald Trump"
        assert len(lexicon.by_id["Q22686"].terms) == 1
    assert len(load_lexicon().by_id["Q22686"].terms) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name,country\nAna,UY\n", "unknown column 'name'"),
        ("name_en,country\nAna,Uruguay\n", "line 2: country"),
        ("name_en,label\nAna,PERSON\n", "label"),
        ("name_en,start\nAna,1 March\n", "start"),
        ("name_en,country\n,UY\n", "no name"),
        ("name_en,country\nSol, Ana,UY\n", "more cells"),
        ("entity_id,name_en\nx12,Ana\n", "entity_id"),
        ("", "unknown column"),
    ],
)
def test_a_wrong_table_is_named_with_its_line(tmp_path, text, problem):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(ConfigError, match=problem):
        Stages(Config(entities=Entities(tables=(str(tmp_path / "t.csv"),))))


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("en/triggers.toml", 'pattern = "x"', r"\[\[trigger\]\]"),
        ("en/triggers.toml", '[[trigger]]\npattern = "met up"', "lacks type, pos"),
        ("en/triggers.toml", TRIGGER.replace('"verb"', '"vrb"'), "must be one of"),
        ("en/triggers.toml", TRIGGER + 'colour = "red"', "unknown key colour"),
        ("en/triggers.toml", TRIGGER.replace("huddled with", "huddled (with"), "cannot be used"),
        ("en/triggers.toml", TRIGGER.replace("They huddled in", "They huddled with the"), "matches what it must not"),
        ("en/status.toml", '[[cue]]\npattern = "axed"\nstatus = "gone"', "must be one of"),
        ("ar/parties.toml", '[[party]]\nforms = ["x"]\nkind = "noun"', "must be one of"),
        ("en/topics.toml", "", "no word list that can be added to"),
        ("triggers.toml", "", "no word list that can be added to"),
        ("en/triggers.toml", "[[trigger", "not valid TOML"),
    ],
)
def test_wrong_words_are_named_with_their_entry(tmp_path, name, text, problem):
    path = tmp_path / "words" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=problem):
        Stages(Config(language=Language(words=str(tmp_path / "words"))))


def test_missing_files_are_named():
    with pytest.raises(ConfigError, match="cannot read"):
        Stages(Config(entities=Entities(tables=("/nonexistent.csv",))))
    with pytest.raises(ConfigError, match="no folder"):
        Stages(Config(language=Language(words="/nonexistent")))


def test_own_parties_and_cues_are_used(tmp_path):
    (tmp_path / "w" / "en").mkdir(parents=True)
    (tmp_path / "w" / "en" / "parties.toml").write_text(
        '[[party]]\nforms = ["sherpa"]\nkind = "nominal"\nmatch = ["The ⟦sherpa⟧ spoke."]\nnot = ["Sherpas spoke."]\n',
        encoding="utf-8",
    )
    (tmp_path / "w" / "en" / "status.toml").write_text(
        '[[cue]]\npattern = "axed"\nstatus = "cancelled"\nmatch = ["They ⟦axed⟧ the talks."]\n', encoding="utf-8"
    )
    with Stages(Config(language=Language(words=str(tmp_path / "w")))).additions.active():
        assert party_entries("en")[-1].forms == ("sherpa",)
        assert status_cues("en")[0].status == "cancelled"
