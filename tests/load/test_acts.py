"""Each act's word list names its example and refuses its counter-example."""

import pandas as pd
import pytest

from pipeline.languages import LANGUAGES, load_topic
from pipeline.load import acts
from pipeline.load.acts import ACTS, find_act

ENTRIES = [(language, act, entry) for language in LANGUAGES for act, entry in load_topic(language, "acts").items()]


def trigger(example: str) -> str:
    return example[example.index("⟦") + 1 : example.index("⟧")]


@pytest.mark.parametrize(("language", "act", "entry"), ENTRIES, ids=[f"{e[0]}-{e[1]}" for e in ENTRIES])
def test_examples(language, act, entry):
    assert act in ACTS
    assert [find_act(trigger(m), language) for m in entry["match"]] == [act] * len(entry["match"])
    assert all(find_act(trigger(n), language) != act for n in entry["not"])
    assert entry["match"]
    assert entry["not"]


def test_acts_of_a_frame():
    events = pd.DataFrame({
        "type": ["statement", "meeting", "statement", "statement"], "trigger": ["Warned", "talks", "نفى", "dit"],
        "language": ["en", "en", "ar", "fr"],
    })  # fmt: skip
    found = acts(events)
    assert found.tolist()[0] == "warning"
    assert pd.isna(found[1])
    assert found.tolist()[2:] == ["denial", "other"]
    assert list(found.cat.categories) == list(ACTS)
