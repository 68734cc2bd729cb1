"""Language: sentences with their language and kind, and how garbled an article is."""

from __future__ import annotations

from pipeline.language.garbled import garbled_score
from pipeline.language.sentences import split_line
from pipeline.language.stage import LanguageStage

VERSION = "1"
TOPICS = ("furniture", "abbreviations", "garbled", "function_words")

__all__ = ["TOPICS", "VERSION", "LanguageStage", "garbled_score", "split_line"]
