from pipeline.articles.wrapping import unwrap

WRAPPED = """Ministers agree on fishing quota

The ministers of fisheries of Norway and Peru met in Bergen on Monday to
settle a quarrel over the quota for anchovies that has kept boats of both
countries in port for three weeks, officials of the two ministries said.

"We have a deal," said the Norwegian minister, Kari Lund, who added that
the text would be signed within days. Her guest called the talks long and
honest, and thanked his hosts for the coffee.
"""


def test_lines_of_fixed_width_become_paragraphs() -> None:
    lines = [line for line in unwrap(WRAPPED).split("\n") if line]
    assert len(lines) == 3
    assert lines[1].endswith("officials of the two ministries said.")
    assert "Bergen on Monday to settle" in lines[1]


def test_paragraph_lines_stay() -> None:
    text = (
        "A headline\nThe first paragraph is short.\nThe second one is quite a bit longer than the first.\nEnd.\nLast."
    )
    assert unwrap(text) == text


def test_lists_and_chinese_stay() -> None:
    listed = "\n".join(f"- item number {number} of a list that has many words in it" for number in range(9))
    assert unwrap(listed) == listed
    chinese = "\n".join(["双方在北京举行会谈讨论了停火问题并同意下周再次会面" * 2] * 6)
    assert unwrap(chinese) == chinese
