"""Chinese names in pinyin."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence

from pipeline.entities.han_readings import readings_by_piece

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
_SYLLABLE = (
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhrzcsyw])(?:a|o|e|i|u|ai|ei|ao|ou|an|en|ang|eng|ong|ua|uo|uai|ui|uan|un|uang)"
    r"|[bpmdtnljqxy](?:i|ia|ie|iao|iu|ian|in|iang|ing|iong|u|ue|uan|un)|a|ai|an|ang|ao|e|en|er|ou|[nl](?:v|ue))"
)
# Words of names come again in other names (马克·吕特, 马克·鲁比奥); no phrase goes over what parts them.
_BETWEEN_WORDS = re.compile(r"(?<=[\u4e00-\u9fff])([·•・\s]+)(?=[\u4e00-\u9fff])")
_PINYIN_WORDS = re.compile(rf"{_SYLLABLE}+(?:[ -]{_SYLLABLE}+)+")


def pinyin_of(text: str, *, other: Callable[[str], str] | None = None) -> list[str]:
    """The syllables of the Chinese characters, without tones and with v for ü.

    Other characters stay as they are, or become what ``other`` makes of each run of them.
    """
    syllables: list[str] = []
    for at, piece in enumerate(_BETWEEN_WORDS.split(text)):
        if at % 2 == 0:
            syllables += _syllables(piece, other)
        elif said := piece if other is None else other(piece):
            syllables.append(said)
    return syllables


@functools.lru_cache(maxsize=65_536)
def _syllables(text: str, other: Callable[[str], str] | None) -> tuple[str, ...]:
    pieces = readings_by_piece(text, other or str)
    if pieces is not None:
        return tuple(reading[0] for reading in pieces)
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(text, style=Style.NORMAL, errors=other or "default"))


def readings_of(name: str) -> set[str]:
    """All pinyin readings of a Chinese name, syllables joined, without tones and with u for ü; at most 64."""
    pieces: Sequence[Sequence[str]] | None = readings_by_piece(name, str)
    if pieces is None:
        from pypinyin import Style, pinyin

        pieces = pinyin(name, style=Style.NORMAL, heteronym=True)
    answers = {""}
    for syllables in pieces:
        answers = {a + s.replace("ü", "u") for a in sorted(answers) for s in dict.fromkeys(syllables)}
        if len(answers) > 64:
            break
    return answers


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
    parts = [pinyin_of(p) for p in (name[:surname], name[surname:])]
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


def two_parts(name: str) -> list[str] | None:
    """Surname and given name of a name of China, Korea or Viet Nam, which is written without a gap; else None."""
    surname = 2 if name[:2] in _DOUBLE else 1
    return [name[:surname], name[surname:]] if 2 <= len(name) <= surname + 2 else None
