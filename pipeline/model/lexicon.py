"""What word lists say of each character: a mark that the model reads beside the piece.

The encoder reads Chinese one character at a time and has not seen most names; a list tells it where
words begin and end, and which of them are known as places, persons or organisations. The lists are one
file of the model's folder, made by `training.lexicon`; they mark, the model decides.
"""

from __future__ import annotations

import re
from pathlib import Path

import marisa_trie

KINDS = ("place", "person", "organisation", "proper", "noun", "verb", "word")
# Of each entry: its kind's number, and its log probability among words.
RECORD = "<Bf"
# 0 is no mark. Then a Chinese word's first, middle and last character, for each kind; a Han character that is a
# word alone; the first and further words of an Arabic phrase, for each of three kinds; an Arabic word by the
# kinds that it is known as, rare or common.
_ALONE = 1 + 3 * len(KINDS)
_PHRASE = _ALONE + 1
_NAMED = 3
_WORD = _PHRASE + 2 * _NAMED
COUNT = 64

HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff·]+")
LONGEST_HAN = 12
# A character that begins no listed word, against the log probabilities of the words.
UNLISTED = -16.0
ARABIC_WORD = re.compile("[\u0621-\u0652\u0670\u0671\u0640]+")
LONGEST_PHRASE = 4
PROCLITICS = "وفبلك"
# علي, بين and غير are names or parts of them, and words that every text has: they are as likely as this.
COMMON = -11.2
_SILENT = re.compile("[\u0640\u064b-\u0652\u0670]")
_PLAIN = str.maketrans("أإآى", "اااي")


def plain(word: str) -> str:
    """Return an Arabic word as careless typing has it: no hamza on alif, ya for the final alif, no vowels."""
    return _SILENT.sub("", word).translate(_PLAIN)


class Lexicon:
    """A file of known words, read where it lies; safe to use from several threads and after a fork."""

    def __init__(self, path: Path) -> None:
        """Open the file; raises OSError or RuntimeError when it cannot be read or is of another format."""
        self._words = marisa_trie.RecordTrie(RECORD)
        self._words.mmap(str(path))

    def marks(self, text: str) -> list[int]:
        """Return a mark in [0, COUNT) for each code point of `text`; 0 where no list says anything."""
        found = [0] * len(text)
        for run in HAN_RUN.finditer(text):
            self._chinese(run.group(), run.start(), found)
        self._arabic(list(ARABIC_WORD.finditer(text)), found)
        return found

    def _chinese(self, run: str, at: int, found: list[int]) -> None:
        """Mark the likeliest words of a run of characters (the best path of a unigram model)."""
        n = len(run)
        best = [0.0] * (n + 1)
        choice = [(0, 0)] * n
        for i in range(n - 1, -1, -1):
            value, chosen = UNLISTED + best[i + 1], (i + 1, 0)
            for word in self._words.prefixes(run[i : i + LONGEST_HAN]):
                kind, score = self._words[word][0]
                end = i + len(word)
                if score + best[end] > value:
                    value, chosen = score + best[end], (end, kind)
            best[i], choice[i] = value, chosen
        i = 0
        while i < n:
            end, kind = choice[i]
            first = 1 + 3 * kind
            marks = [_ALONE] if end == i + 1 else [first, *[first + 1] * (end - i - 2), first + 2]
            found[at + i : at + end] = marks
            i = end

    def _arabic(self, words: list[re.Match[str]], found: list[int]) -> None:
        """Mark the words and phrases that are known, with or without joined conjunction and preposition."""
        forms = [plain(word.group()) for word in words]
        i = 0
        while i < len(words):
            taken = 1
            for joined, form in _bare(forms[i]):
                marks = self._phrase([form, *forms[i + 1 : i + LONGEST_PHRASE]]) or self._word(form)
                if marks:
                    taken = len(marks)
                    for word, mark in zip(words[i:], marks, strict=False):
                        start = word.start() + (joined if word is words[i] else 0)
                        found[start : word.end()] = [mark] * (word.end() - start)
                    break
            i += taken

    def _phrase(self, forms: list[str]) -> list[int]:
        """Return the marks of the longest known phrase of two and more words that `forms` begin with."""
        for size in range(len(forms), 1, -1):
            records = self._words.get(" ".join(forms[:size]))
            if records:
                first = _PHRASE + 2 * min(records[0][0], _NAMED - 1)
                return [first, *[first + 1] * (size - 1)]
        return []

    def _word(self, form: str) -> list[int]:
        records = self._words.get(form)
        if not records:
            return []
        kinds = sum({1 << kind for kind, _ in records if kind < _NAMED})
        return [_WORD + 2 * (kinds - 1) + any(score > COMMON for _, score in records)]


def _bare(form: str) -> list[tuple[int, str]]:
    """Return an Arabic word as written and without one and two joined letters, with their number."""
    forms = [(0, form)]
    for joined in (1, 2):
        if len(form) - joined < 3 or form[joined - 1] not in PROCLITICS:
            break
        # لل is ل before the article, whose alif is not written then.
        forms.append((joined, "ال" + form[2:] if joined == 1 and form.startswith("لل") else form[joined:]))
    return forms
