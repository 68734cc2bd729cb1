"""Take Markdown markup out of a text; what the markup holds stays, line by line."""

from __future__ import annotations

import html
import re

_LINK_SIGNS = re.compile(r"\[[^\[\]\n]{1,500}\]\((?:https?:|/|#|mailto:)[^()\s]{0,2000}")
_BOLD_SIGNS = re.compile(r"(?<![\w*])\*\*(?=[^\s*])[^*\n]{1,500}(?<=[^\s*])\*\*(?![\w*])")
_HEADING_SIGNS = re.compile(r"^#{1,6}[ \t]+\S", re.M)

_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.M)
_COMMENT = re.compile(r"<!--.{0,5000}?-->", re.S)
_IMAGE = re.compile(r"!\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?\)")
_LINK = re.compile(r"\[([^\[\]\n]{0,500})\]\(([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?)\)")
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,500})\]\[[^\[\]\n]{0,100}\]")
_DEFINITION = re.compile(r"^[ ]{0,3}\[[^\[\]\n]{1,100}\]:[ \t]+\S.*$", re.M)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>")
_RULE = re.compile(r"^[ \t]*(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|=+)[ \t]*$", re.M)
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+(.*?)[ \t]*(?:[ \t]#+)?[ \t]*$", re.M)
_QUOTE = re.compile(r"^(?:[ \t]{0,3}>[ \t]?)+", re.M)
_BULLET = re.compile(r"^[ \t]*[-*+][ \t]+(?=\S)(?:\[[ xX]\][ \t]+)?", re.M)
_STARS = re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]{1,1000})(?<=[^\s*])\1")
_UNDERSCORES = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^\n_]{1,1000})(?<=[^\s_])\1(?!\w)")
_STRIKE = re.compile(r"~~(?=\S)([^~\n]{1,1000})~~")
_CODE = re.compile(r"`{1,2}([^`\n]{1,500})`{1,2}")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|])")


def is_markdown(text: str) -> bool:
    """Tell whether a plain text file carries Markdown: a link, bold words or headings.

    A dash or a star at a line's beginning is no sign: news in plain text has them too.
    """
    head = text[:200_000]
    return bool(_LINK_SIGNS.search(head) or _BOLD_SIGNS.search(head) or _HEADING_SIGNS.search(head))


def links(text: str) -> list[tuple[str, str]]:
    """List the inline links as (words, address), in the order of the text."""
    found = _LINK.findall(text)
    return [(words.strip(), target.split()[0].strip("<>")) for words, target in found if target.strip()]


def strip_markdown(text: str) -> str:
    """Remove links' addresses, emphasis, headings' and lists' signs, rules, images and inline tags.

    Line breaks stay where they are, so that a paragraph stays the same line.
    """
    text = _COMMENT.sub(_newlines, text)
    text = _FENCE.sub("", text)
    text = _DEFINITION.sub("", text)
    text = _RULE.sub("", text)
    text = _IMAGE.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _REFERENCE.sub(r"\1", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = _TAG.sub("", text)
    text = _QUOTE.sub("", text)
    text = _HEADING.sub(r"\1", text)
    text = _BULLET.sub("", text)
    for _ in range(2):
        text = _STARS.sub(r"\2", text)
    text = _UNDERSCORES.sub(r"\2", text)
    text = _STRIKE.sub(r"\1", text)
    text = _CODE.sub(r"\1", text)
    text = _ESCAPE.sub(r"\1", text)
    return html.unescape(text)


def _newlines(found: re.Match[str]) -> str:
    return "\n" * found.group().count("\n")
