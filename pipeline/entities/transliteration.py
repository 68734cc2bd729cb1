"""Whether two names in Latin, Arabic or Han script are one name.

The letters of two names are aligned with costs learned from names known in all three scripts
(``tables/sound_costs.csv``; Ristad and Yianilos, "Learning String-Edit Distance", 1998), and every
word must agree, not only the whole: a shared first name says little. Figures: docs/linking.md.
"""

from __future__ import annotations

import csv
import functools
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib import resources

from pypinyin import Style, lazy_pinyin

from pipeline.core.folding import fold_string
from pipeline.entities.sound_keys import key_likeness, script_of, sound_key

_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ß": "s", "ı": "i", "æ": "e", "œ": "e", "þ": "t", "ð": "d", "ş": "sh", "š": "sh",
     "ș": "sh", "ç": "ch", "č": "ch", "ć": "ch", "ž": "zh", "ż": "zh", "ź": "zh", "ğ": "gh", "ñ": "ny", "ń": "ny",
     "ț": "ts", "ţ": "ts", "ř": "rz", "x": "ks"}
)  # fmt: skip
_GRAPHEMES = re.compile(
    r"tsch|tch|sch|ch|sh|kh|gh|ph|th|dj|dz|zh|ts|tz|cz|sz|rz|ck|qu|ng|c(?=[eiy])|g(?=[eiy])|"
    r"ou|oo|ee|ei|ai|ay|ey|au|aw|eu|ew|ow|oe|ea|oa|ie|ia|io|[a-z]"
)
_ALIKE = {"tsch": "ch", "tch": "ch", "sch": "sh", "ph": "f", "tz": "ts", "ck": "k", "ay": "ai", "ey": "ei", "aw": "au"}
_ARABIC_ALIKE = str.maketrans("ىئؤٱپچڤگکیه", "يءءابچفگكيه")
_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]")
_PARTICLES = frozenset(["al", "el", "jr", "sr", "ال", "آل", "الابن"])
# Son of: between two names it is often left out; at an end it is a name (Ben Cardin, Liu Bin).
_SON_OF = frozenset(["bin", "ibn", "ben", "bint", "بن", "ابن", "بنت", "本", "伊本"])
_VOWELS = frozenset(["a", "e", "i", "o", "u", "y", "ia", "ا", "ي", "و", "ة"])
_GAP = "-"


WordPairs = dict[tuple[str, ...], frozenset[tuple[str, ...]]]
"""Words of names in one script, as sounds, with those that stand for them in another; both ways."""


@dataclass(frozen=True, slots=True)
class Sounds:
    """A name as its letters' sounds in sequence: ``tokens``, the word that each belongs to, and its script."""

    tokens: tuple[str, ...]
    words: tuple[int, ...]
    script: str


def _latin_tokens(word: str) -> list[str]:
    plain = word.lower().translate(_PLAIN)
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if "a" <= c <= "z")
    plain = re.sub(r"(.)\1", r"\1", plain) if not re.search(r"oo|ee", plain) else re.sub(r"([^oe])\1", r"\1", plain)
    tokens = []
    for match in _GRAPHEMES.finditer(plain):
        letters = match.group()
        follows = plain[match.end() : match.end() + 1]
        if letters in ("c", "g") and follows and follows in "eiy":
            letters += "'"
        tokens.append(_ALIKE.get(letters, letters))
    return tokens


def _arabic_tokens(word: str) -> list[str]:
    plain = "".join(c for c in word.translate(_ARABIC_ALIKE) if "\u0621" <= c <= "\u064a" or c in "چگ")
    tokens: list[str] = []
    for match in re.finditer(r"تش|[أإا]و|[أإ]ي|اي|.", plain):
        letters = match.group()
        initial = match.start() == 0
        if letters in ("أو", "او", "إو") and not initial:
            tokens += ["ا", "و"]
        elif letters in ("إي", "أي", "اي"):
            tokens.append("^ي" if initial else "اي")
        elif letters in ("أو", "او", "إو"):
            tokens.append("^و")
        elif letters in "اأإآ" and initial:
            tokens.append("^ا")
        else:
            tokens.append("ا" if letters in "أإآ" else letters)
    return tokens


def _syllable_tokens(syllable: str) -> list[str]:
    if syllable == "er":
        return ["er"]
    match = _INITIAL.match(syllable)
    tokens = [match.group()] if match else []
    final = syllable[match.end() if match else 0 :]
    nasal = re.search(r"ng?$", final)
    if nasal:
        final = final[: nasal.start()]
    if len(final) > 1 and final[0] in "iuv" and final not in ("ie", "iu", "ui", "uo"):
        tokens += [final[0] + "_", final[1:]]
    elif final:
        tokens.append({"uo": "o"}.get(final, final) if match else "^" + final)
    return [*tokens, "N"] if nasal else tokens


def _pieces(name: str, script: str) -> list[str]:
    parts = [p for p in re.split(r"[\s·•・‧．.,'’`´-]+" if script != "latin" else r"[\s·•・.,-]+", name) if p]
    kept = [p for p in parts if p.lower() not in _PARTICLES] or parts
    # A middle initial (George W. Bush) has no fixed counterpart in the other scripts.
    kept = [
        re.sub(r"^(?:[Bb]en|[Bb]in|[Aa]l|[Ee]l)-", "", p) for i, p in enumerate(kept)
        if not (0 < i < len(kept) - 1 and (p.lower() in _SON_OF or (script == "latin" and len(p) == 1)))
    ]  # fmt: skip
    if script == "arabic":
        joined: list[str] = []
        for part in kept:
            if joined and joined[-1] in ("عبد", "أبو", "ابو"):
                joined[-1] += part
            else:
                joined.append(part.removeprefix("ال") if len(part) > 4 and part.startswith("ال") else part)
        return joined
    if script == "han":
        kept = [p[2:] if len(p) > 3 and p.startswith("阿勒") else p for p in kept]
    if script == "han" and len(kept) == 1 and 2 <= len(kept[0]) <= (4 if kept[0][:2] in _DOUBLE else 3):
        # A name of China, Korea or Viet Nam: the surname is the first character, the rest is given.
        return [kept[0][0], kept[0][1:]] if kept[0][:2] not in _DOUBLE else [kept[0][:2], kept[0][2:]]
    return kept


_SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙朱胡郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦"
    "白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔汤向常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷"
    "曲盛冉翁蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤时穆农司古吉车连洪卓栗冷应佟巩褚娄丛桑初仇党宫阚闻隋茅麦"
)
# Characters that write foreign names by sound.
_SYLLABLES = frozenset(
    "阿埃艾安奥巴贝比宾波伯布查茨达戴丹德迪丁杜多恩尔法菲费芬弗福盖戈格古哈海汉赫霍基吉加贾杰金卡凯坎科克肯库拉莱兰朗勒雷里利林隆卢鲁伦罗洛马麦曼梅蒙米密明莫姆穆"
    "纳奈内尼努诺欧帕潘佩皮普奇恰乔切琼茹萨塞桑沙舍什史斯苏索塔泰坦汤特蒂图托瓦万韦维温沃乌西希夏香谢辛雅亚耶伊因尤约泽扎詹兹高盖娜娅莎莉丽妮玛黛夫耳登顿森白柏贡根冈高黑"
)
_READ_AS_SURNAME = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "任": "ren",
    "尉": "yu",
    "覃": "qin",
    "翟": "zhai",
    "区": "ou",
    "盖": "ge",
}
_DOUBLE = frozenset(["欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "夏侯", "尉迟", "皇甫"])


def _letters(other: str) -> str:
    return "".join(c.lower() for c in other if c.isascii())


@functools.lru_cache(maxsize=32768)
def sounds_of(name: str) -> Sounds:
    """The sounds of a name, word by word; particles (al, bin) left out."""
    script = script_of(name)
    tokens: list[str] = []
    words: list[int] = []
    for at, piece in enumerate(_pieces(name, script)):
        if script == "latin":
            found = _latin_tokens(piece)
        elif script == "arabic":
            found = _arabic_tokens(piece)
        else:
            syllables = lazy_pinyin(piece, style=Style.NORMAL, errors=_letters)
            found = [t for s in syllables for t in _syllable_tokens(s)]
        # A last vowel tells names apart (Abbas, Abbasi; Samir, Samira): it has costs of its own.
        if script != "han" and len(found) > 2 and found[-1] in _VOWELS:
            found[-1] += "$"
        tokens += found
        words += [at] * len(found)
    return Sounds(tuple(tokens), tuple(words), script)


_TABLES = resources.files("pipeline.entities").joinpath("tables")


@functools.cache
def learned(scripts: str) -> tuple[dict[tuple[str, str], float], WordPairs]:
    """Costs and known words of a pair of scripts ("latin-han"), as ``training.learn_name_sounds`` wrote them."""
    costs = {
        (row["a"], row["b"]): float(row["cost"])
        for row in csv.DictReader(_TABLES.joinpath("sound_costs.csv").read_text(encoding="utf-8").splitlines())
        if row["scripts"] == scripts
    }
    pairs = [
        (tuple(row["a"].split()), tuple(row["b"].split()))
        for row in csv.DictReader(_TABLES.joinpath("name_words.csv").read_text(encoding="utf-8").splitlines())
        if row["scripts"] == scripts
    ]
    return costs, both_ways(pairs)


def align(
    a: Sounds, b: Sounds, costs: dict[tuple[str, str], float], unseen: float, most: float = math.inf
) -> tuple[float, list[tuple[int, int, float]]]:
    """The cheapest alignment of two names and its cost.

    Steps are (position in a, position in b, cost), -1 for a sound that the other side does not
    write; none where the cost is above ``most``. ``unseen`` is the cost of a pair that ``costs`` lacks.
    """
    x, y = a.tokens, b.tokens
    get = costs.get
    drop_x = [get((t, _GAP), unseen) for t in x]
    drop_y = [get((_GAP, t), unseen) for t in y]
    swaps: list[list[float]] = []
    rows = [[0.0]]
    for cost in drop_y:
        rows[0].append(rows[0][-1] + cost)
    for i, drop in enumerate(drop_x):
        above, letter = rows[-1], x[i]
        swap = [get((letter, t), unseen) for t in y]
        swaps.append(swap)
        left = above[0] + drop
        row = [left]
        for across, up, change, cost in zip(above, above[1:], swap, drop_y, strict=False):
            best = across + change
            other = up + drop
            if other < best:
                best = other
            left += cost
            if best < left:
                left = best
            row.append(left)
        if min(row) > most:
            return min(row), []
        rows.append(row)
    if rows[-1][-1] > most:
        return rows[-1][-1], []
    steps: list[tuple[int, int, float]] = []
    i, j = len(x), len(y)
    while i or j:
        here = rows[i][j]
        if i and j and abs(rows[i - 1][j - 1] + swaps[i - 1][j - 1] - here) < 1e-9:
            i, j = i - 1, j - 1
            steps.append((i, j, swaps[i][j]))
        elif i and abs(rows[i - 1][j] + drop_x[i - 1] - here) < 1e-9:
            i -= 1
            steps.append((i, -1, drop_x[i]))
        else:
            j -= 1
            steps.append((-1, j, drop_y[j]))
    return rows[-1][-1], steps[::-1]


UNSEEN, _LEAST, _LEAST_WORD = 4.5, 4.5, 0.35
# What two words cost that are both well known, as other names: Marco is not 马克, Mahmoud not محمد.
_OTHER_WORD = 3.0


def word_scores(
    a: Sounds, b: Sounds, costs: dict[tuple[str, str], float], known: WordPairs, least: float = -9.0
) -> tuple[float, list[float], float]:
    """Agreement of the whole and of each word of both names: 1 - cost / cost of leaving it all out.

    No words where the whole is below ``least``. Third, the cost of the worst single step outside
    the words known to stand for each other: one foreign consonant in a long word is averaged away
    otherwise (al-Awadi and al-Azadi).
    """
    weight_a = [costs.get((t, _GAP), UNSEEN) for t in a.tokens]
    weight_b = [costs.get((_GAP, t), UNSEEN) for t in b.tokens]
    all_out = max(sum(weight_a) + sum(weight_b), 1.0)
    cost, steps = align(a, b, costs, UNSEEN, (1.0 - least) * all_out / 2)
    if not steps:
        return 1.0 - 2.0 * cost / all_out, [], UNSEEN
    spent: dict[tuple[int, int], float] = {}
    owed: dict[tuple[int, int], float] = {}
    for side, words, weights in ((0, a.words, weight_a), (1, b.words, weight_b)):
        for word, weight in zip(words, weights, strict=True):
            owed[side, word] = owed.get((side, word), 0.0) + weight
            spent[side, word] = 0.0
    total = 0.0
    for i, j, cost in steps:
        total += cost
        if i >= 0:
            spent[0, a.words[i]] += cost
        if j >= 0:
            spent[1, b.words[j]] += cost
    x, y = _by_word(a), _by_word(b)
    sure: set[tuple[int, int]] = set()
    if len(x) == len(y):
        for (i, left), (j, right) in zip(x, y, strict=True):
            if right in known.get(left, ()):
                total -= (spent[0, i] + spent[1, j]) / 2
                spent[0, i] = spent[1, j] = 0.0
                sure |= {(0, i), (1, j)}
            elif left in known and right in known:
                total += _OTHER_WORD
                spent[0, i] += _OTHER_WORD
                spent[1, j] += _OTHER_WORD
    worst = max(
        (
            cost for i, j, cost in steps
            if not (i >= 0 and (0, a.words[i]) in sure) and not (j >= 0 and (1, b.words[j]) in sure)
        ),
        default=0.0,
    )  # fmt: skip
    return 1.0 - 2.0 * total / all_out, [1.0 - spent[key] / max(due, _LEAST) for key, due in owed.items()], worst


def _by_word(name: Sounds) -> list[tuple[int, tuple[str, ...]]]:
    found: dict[int, list[str]] = {}
    for token, word in zip(name.tokens, name.words, strict=True):
        found.setdefault(word, []).append(token)
    return [(word, tuple(tokens)) for word, tokens in found.items()]


def pair_words(
    names: Iterable[tuple[Sounds, Sounds]], costs: dict[tuple[str, str], float]
) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The words that stand for each other in names of as many words in both scripts."""
    pairs = set()
    for a, b in names:
        x, y = _by_word(a), _by_word(b)
        if len(x) != len(y):
            continue
        _, scores, _ = word_scores(a, b, costs, {})
        for at, ((_, left), (_, right)) in enumerate(zip(x, y, strict=True)):
            # Guards against nicknames and other names: Vivian Balakrishnan is 维文 in Chinese.
            if min(scores[at], scores[len(x) + at]) >= _LEAST_WORD and len(left) > 1 and len(right) > 1:
                pairs.add((left, right))
    return pairs


def both_ways(pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> WordPairs:
    """Word pairs by either word."""
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for left, right in pairs:
        found.setdefault(left, set()).add(right)
        found.setdefault(right, set()).add(left)
    return {word: frozenset(others) for word, others in found.items()}


# Least agreement of the whole and of the worst word, most that one step may cost; chosen on the people table (docs/linking.md).
_THRESHOLDS = {"latin-arabic": (0.70, 0.65, 4.4), "latin-han": (0.65, 0.40, 4.4), "arabic-han": (0.65, 0.50, 4.0)}
_ORDER = ("latin", "arabic", "han")
_SYLLABLE = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhrzcsyw])(?:a|o|e|i|u|ai|ei|ao|ou|an|en|ang|eng|ong|ua|uo|uai|ui|uan|un|uang)"
    r"|[bpmdtnljqxy](?:i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ue|uan|un)|a|ai|an|ang|ao|e|en|er|ou|[nl](?:v|ue))"
)
_PINYIN_WORDS = re.compile(rf"{_SYLLABLE}+(?:[ -]{_SYLLABLE}+)+")
_TURNED = 0.06
# What known words may add to the agreement of the whole; further below nothing is tried.
_REGAINED = 0.3
_SPELT, _WORD_SPELT, _WORD_SOUND, _WORD_STEM, _WORD_TAIL = 0.86, 0.7, 0.9, 6, 2


@functools.lru_cache(maxsize=65536)
def name_likeness(a: str, b: str) -> float:
    """By how much two full names pass (0 or more) or miss what spellings of one name must; at least -2.

    Every word must agree: one that shares only its first name or its surname is another's, and a
    name of one word never suffices. Within a script spelling decides, word by word; across scripts the learned costs do. The order
    of the words may differ (西雅尔多·彼得 for Péter Szijjártó), at a price.
    """
    x, y = sounds_of(a), sounds_of(b)
    if len(set(x.words)) < 2 or len(set(y.words)) < 2:
        return -2.0
    if x.script == y.script:
        return _spelling_likeness(a, b)
    scripts, changed = script_pair(x.script, y.script)
    if changed:
        a, b, x, y = b, a, y, x
    if x.script == "latin" and y.script == "han" and "·" not in b and (plain := official_pinyin(a)) is not None:
        # Official pinyin leaves no room: Liu He is not 李辉.
        joined = "".join(lazy_pinyin(b, style=Style.NORMAL)).replace("ü", "v")
        return 0.3 if plain == joined else -2.0
    straight = _margin(x, y, scripts)
    if straight >= 0.0:
        return straight
    if not _crosses(x, y):
        return straight
    return max(straight, _margin(x, turned(y), scripts) - _TURNED)


@functools.lru_cache(maxsize=32768)
def word_likeness(a: str, b: str) -> float:
    """By how much two single words of different scripts pass (0 or more) or miss what words of one
    name must; at least -2. A surname alone says little: ask for other evidence beside it."""
    x, y = sounds_of(a), sounds_of(b)
    if not x.tokens or not y.tokens or x.script == y.script:
        return -2.0
    scripts, changed = script_pair(x.script, y.script)
    return _margin(y, x, scripts) if changed else _margin(x, y, scripts)


@functools.lru_cache(maxsize=8192)
def pinyin_name(name: str) -> str | None:
    """A mainland Chinese name as English news writes it (李文辉: Li Wenhui), else None.

    Simplified characters, a surname and one or two more of which some character is no mere syllable
    of foreign names (莫里斯 is Morris). Names in traditional characters are spelt otherwise by those
    who bear them.
    """
    surname = 2 if name[:2] in _DOUBLE else 1
    given = name[surname:]
    if len(given) not in (1, 2) or name[:surname] not in _SURNAMES | _DOUBLE or set(given) <= _SYLLABLES:
        return None
    if len(name) == 2 and name[0] in _SYLLABLES:
        return None
    if not all(_is_simplified(c) for c in name):
        return None
    parts = [lazy_pinyin(p, style=Style.NORMAL, v_to_u=False) for p in (name[:surname], name[surname:])]
    if name[0] in _READ_AS_SURNAME and surname == 1:
        parts[0] = [_READ_AS_SURNAME[name[0]]]
    return " ".join("".join(p).capitalize() for p in parts)


def _is_simplified(char: str) -> bool:
    """Whether GB 2312, the mainland's character set, has a character."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return "\u4e00" <= char <= "\u9fff"


@functools.lru_cache(maxsize=32768)
def official_pinyin(name: str) -> str | None:
    """A Latin name's letters where its words are those of official pinyin (Wang Yi), else None."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if c == "-" or c == " " or "a" <= c <= "z")
    return re.sub("[ -]", "", plain) if _PINYIN_WORDS.fullmatch(plain) else None


def least_tried(scripts: str) -> float:
    """The agreement of the whole below which two names of a pair of scripts are not looked at word by word."""
    return _THRESHOLDS[scripts][0] - _REGAINED


def script_pair(a: str, b: str) -> tuple[str, bool]:
    """The name that ``learned`` has for two scripts, and whether they must change places for it."""
    changed = _ORDER.index(a) > _ORDER.index(b)
    return (f"{b}-{a}" if changed else f"{a}-{b}"), changed


def _crosses(x: Sounds, y: Sounds) -> bool:
    """Whether the first word of each may be the last of the other, by their first consonants."""
    (x_first, x_last), (y_first, y_last) = (_starts(s.tokens, s.words) for s in (x, y))
    return key_likeness(x_first, y_last) > 0.0 and key_likeness(x_last, y_first) > 0.0


@functools.lru_cache(maxsize=32768)
def _starts(tokens: tuple[str, ...], words: tuple[int, ...]) -> tuple[str, str]:
    """The consonant classes of the first and of the last word, two each."""
    ends = [[t for t, w in zip(tokens, words, strict=True) if w == word] for word in (words[0], words[-1])]
    first, last = ("".join(sound_key(t.strip("^_'$")) or "" for t in end)[:2] for end in ends)
    return first, last


def _margin(x: Sounds, y: Sounds, scripts: str) -> float:
    costs, known = learned(scripts)
    least_whole, least_word, most_step = _THRESHOLDS[scripts]
    whole, words, worst = word_scores(x, y, costs, known, least_tried(scripts))
    if not words or worst > most_step:
        return -2.0
    return min(whole - least_whole, min(words) - least_word)


def turned(name: Sounds) -> Sounds:
    """The name with its first word last."""
    cut = next(at for at, word in enumerate(name.words) if word != name.words[0])
    return Sounds(name.tokens[cut:] + name.tokens[:cut], name.words[cut:] + name.words[:cut], name.script)


def _spelling_likeness(a: str, b: str) -> float:
    script = script_of(a)
    x, y = _spelt(a), _spelt(b)
    if len(x) != len(y) or abs(len(a) - len(b)) > max(4, len(a) // 3):
        return -2.0
    whole = SequenceMatcher(None, " ".join(x), " ".join(y), autojunk=False).ratio()
    if whole < _SPELT or not all(_spelt_alike(v, w, script) for v, w in zip(x, y, strict=True)):
        return -2.0
    return whole - _SPELT


@functools.lru_cache(maxsize=32768)
def _spelt(name: str) -> tuple[str, ...]:
    return tuple(_pieces(fold_string(name), script_of(name)))


def _spelt_alike(v: str, w: str, script: str) -> bool:
    if v == w:
        return True
    short, long = sorted((v, w), key=len)
    if script == "han":
        # Han names are spelt by sound: 谢尔盖 and 谢尔蓋 are one, 王毅 and 王伟 are not.
        return len(long) > 1 and lazy_pinyin(v, style=Style.NORMAL) == lazy_pinyin(w, style=Style.NORMAL)
    if _partners(v) and _partners(w) and not _partners(v) & _partners(w):
        return False
    if script == "arabic" and len(short) < 5:
        return False
    if long.startswith(short) and len(short) >= _WORD_STEM and len(long) - len(short) <= _WORD_TAIL:
        return True
    alike = SequenceMatcher(None, v, w, autojunk=False).ratio()
    return alike >= _WORD_SPELT and key_likeness(sound_key(v), sound_key(w)) >= _WORD_SOUND


def _partners(word: str) -> frozenset[tuple[str, ...]]:
    """What stands for a known word in the other of Latin and Arabic script."""
    return learned("latin-arabic")[1].get(sounds_of(word).tokens, frozenset())
