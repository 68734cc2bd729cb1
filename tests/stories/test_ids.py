"""An id of an earlier run leads to the story of today."""

from pipeline.stories.ids import find_story
from pipeline.stories.merge import story_id


def test_find_story():
    events = [("e1", story_id("e0")), ("e0", story_id("e0")), ("e2", None)]
    assert find_story(story_id("e1"), events) == story_id("e0")
    assert find_story(story_id("e9"), events) is None
