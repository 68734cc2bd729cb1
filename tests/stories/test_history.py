"""What an article that tells of several states counts for in a story's history."""

from datetime import datetime

import pytest

from pipeline.stories.table import Sources, build_history
from tests.stories.test_merge import mention

SOURCES = Sources({"a": datetime(2026, 3, 5)}, {"a": "en"}, {}, {})


@pytest.mark.parametrize(
    ("told", "history"),
    [
        # "They met, in a meeting put off by a week": held at last.
        (["actual", "cancelled"], ["actual"]),
        (["actual", "cancelled", "cancelled"], ["cancelled"]),
        (["cancelled", "planned"], ["cancelled", "planned"]),
        # Confirmed; two days before it was denied.
        (["actual", "actual", "actual", "actual", "negated"], ["actual"]),
        (["negated", "negated", "actual"], ["negated"]),
    ],
)
def test_states_of_one_article(told, history):
    members = [mention("a", "ana ben", status=status, sentence=n + 1) for n, status in enumerate(told)]
    assert [change.status for change in build_history(members, SOURCES)] == history
