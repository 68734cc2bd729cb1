import time

from pipeline.articles.front_matter import split_front_matter


def test_fields_are_strings_and_the_body_is_the_rest() -> None:
    fields, body = split_front_matter("---\nTitle: No\ndate: 2024-07-26T20:07:06.684Z\ntags:\n- us\n---\n\nBody.\n")
    assert fields == {"title": "No", "date": "2024-07-26T20:07:06.684Z", "tags": ["us"]}
    assert body == "\nBody.\n"


def test_damaged_yaml_is_read_line_by_line() -> None:
    fields, body = split_front_matter('---\ntitle: Talks: a summary\nauthor: "Ana Duarte"\n---\nBody.')
    assert fields["title"] == "Talks: a summary"
    assert fields["author"] == "Ana Duarte"
    assert body == "Body."


def test_prose_between_rules_is_text() -> None:
    text = "---\nThe talks failed.\n---\nHe left."
    assert split_front_matter(text) == ({}, text)


def test_unclosed_block_is_text() -> None:
    text = "---\ntitle: x\nThe talks failed."
    assert split_front_matter(text) == ({}, text)


def test_aliases_and_nesting_are_not_expanded() -> None:
    bomb = "---\n" + "\n".join([f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9) if i else 'x'}]" for i in range(30)])
    started = time.perf_counter()
    split_front_matter(bomb + "\ntitle: Hi\n---\nBody.")
    split_front_matter("---\na: " + "[" * 30_000 + "]" * 30_000 + "\n---\nBody.")
    assert time.perf_counter() - started < 2
