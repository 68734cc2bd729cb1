"""Short news articles from templates, in English, Arabic and Chinese: as many as wanted, no two alike.

Each occurrence (who met, called or said what, where and when) is reported by one to four articles,
in any of the languages and in other words, so that names, times and stories have real work.
The same seed gives the same articles. All texts and persons are invented.

python benchmarks/templates.py data/many --articles 1000
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import click

LANGUAGES = ("en", "ar", "zh")
FIRST_DAY = date(2024, 1, 1)
DAYS = 700
PER_FOLDER = 1000
PER_OCCURRENCE = 4

# English, Arabic, Chinese.
Form = tuple[str, str, str]
GIVEN: tuple[Form, ...] = (
    ("Marta", "مارتا", "玛尔塔"), ("Pavel", "بافيل", "帕维尔"), ("Salma", "سلمى", "萨勒玛"), ("Henrik", "هنريك", "亨里克"),
    ("Amina", "أمينة", "阿米娜"), ("Tomas", "توماس", "托马斯"), ("Leila", "ليلى", "莱拉"), ("Viktor", "فيكتور", "维克托"),
    ("Nadia", "نادية", "娜迪亚"), ("Karim", "كريم", "卡里姆"), ("Elena", "إيلينا", "埃琳娜"), ("Bruno", "برونو", "布鲁诺"),
    ("Samira", "سميرة", "萨米拉"), ("Anton", "أنطون", "安东"), ("Julia", "جوليا", "朱莉娅"), ("Rashid", "رشيد", "拉希德"),
    ("Ingrid", "إنغريد", "英格丽德"), ("Mateo", "ماتيو", "马特奥"), ("Huda", "هدى", "胡达"), ("Stefan", "ستيفان", "斯特凡"),
    ("Clara", "كلارا", "克拉拉"), ("Idris", "إدريس", "伊德里斯"), ("Olga", "أولغا", "奥尔加"), ("Daniel", "دانيال", "丹尼尔"),
)  # fmt: skip
SURNAME: tuple[Form, ...] = (
    ("Lindqvist", "ليندكفيست", "林德奎斯特"), ("Haddad", "حداد", "哈达德"), ("Moreau", "مورو", "莫罗"), ("Kovacs", "كوفاتش", "科瓦奇"),
    ("Okafor", "أوكافور", "奥卡福"), ("Barakat", "بركات", "巴拉卡特"), ("Ferreira", "فيريرا", "费雷拉"), ("Novak", "نوفاك", "诺瓦克"),
    ("Mansour", "منصور", "曼苏尔"), ("Petrov", "بتروف", "彼得罗夫"), ("Olsen", "أولسن", "奥尔森"), ("Rahmani", "رحماني", "拉赫马尼"),
    ("Castillo", "كاستيلو", "卡斯蒂略"), ("Tanaka", "تاناكا", "田中"), ("Weber", "فيبر", "韦伯"), ("Darwish", "درويش", "达尔维什"),
    ("Silva", "سيلفا", "席尔瓦"), ("Jansen", "يانسن", "扬森"), ("Qasim", "قاسم", "卡西姆"), ("Marino", "مارينو", "马里诺"),
    ("Dubois", "دوبوا", "杜布瓦"), ("Fischer", "فيشر", "菲舍尔"), ("Nasser", "ناصر", "纳赛尔"), ("Romero", "روميرو", "罗梅罗"),
    ("Popescu", "بوبيسكو", "波佩斯库"), ("Saleh", "صالح", "萨利赫"), ("Nilsson", "نيلسون", "尼尔松"), ("Mbeki", "مبيكي", "姆贝基"),
    ("Alvarez", "ألفاريز", "阿尔瓦雷斯"), ("Khalil", "خليل", "哈利勒"), ("Horvat", "هورفات", "霍尔瓦特"), ("Costa", "كوستا", "科斯塔"),
)  # fmt: skip
# Country, then its adjective in English and Arabic.
COUNTRY: tuple[tuple[str, str, str, str, str], ...] = (
    ("Norway", "النرويج", "挪威", "Norwegian", "النرويجي"), ("Egypt", "مصر", "埃及", "Egyptian", "المصري"),
    ("Chile", "تشيلي", "智利", "Chilean", "التشيلي"), ("Kenya", "كينيا", "肯尼亚", "Kenyan", "الكيني"),
    ("Jordan", "الأردن", "约旦", "Jordanian", "الأردني"), ("Poland", "بولندا", "波兰", "Polish", "البولندي"),
    ("Morocco", "المغرب", "摩洛哥", "Moroccan", "المغربي"), ("Vietnam", "فيتنام", "越南", "Vietnamese", "الفيتنامي"),
    ("Peru", "بيرو", "秘鲁", "Peruvian", "البيروفي"), ("Turkey", "تركيا", "土耳其", "Turkish", "التركي"),
    ("Iraq", "العراق", "伊拉克", "Iraqi", "العراقي"), ("Portugal", "البرتغال", "葡萄牙", "Portuguese", "البرتغالي"),
    ("Tunisia", "تونس", "突尼斯", "Tunisian", "التونسي"), ("Mongolia", "منغوليا", "蒙古", "Mongolian", "المنغولي"),
    ("Senegal", "السنغال", "塞内加尔", "Senegalese", "السنغالي"), ("Greece", "اليونان", "希腊", "Greek", "اليوناني"),
    ("Lebanon", "لبنان", "黎巴嫩", "Lebanese", "اللبناني"), ("Malaysia", "ماليزيا", "马来西亚", "Malaysian", "الماليزي"),
    ("Bolivia", "بوليفيا", "玻利维亚", "Bolivian", "البوليفي"), ("Serbia", "صربيا", "塞尔维亚", "Serbian", "الصربي"),
    ("Kuwait", "الكويت", "科威特", "Kuwaiti", "الكويتي"), ("Ghana", "غانا", "加纳", "Ghanaian", "الغاني"),
    ("Finland", "فنلندا", "芬兰", "Finnish", "الفنلندي"), ("Nepal", "نيبال", "尼泊尔", "Nepali", "النيبالي"),
)  # fmt: skip
PLACE: tuple[Form, ...] = (
    ("Geneva", "جنيف", "日内瓦"), ("Cairo", "القاهرة", "开罗"), ("Oslo", "أوسلو", "奥斯陆"), ("Nairobi", "نيروبي", "内罗毕"),
    ("Amman", "عمان", "安曼"), ("Warsaw", "وارسو", "华沙"), ("Rabat", "الرباط", "拉巴特"), ("Hanoi", "هانوي", "河内"),
    ("Lima", "ليما", "利马"), ("Ankara", "أنقرة", "安卡拉"), ("Baghdad", "بغداد", "巴格达"), ("Lisbon", "لشبونة", "里斯本"),
    ("Doha", "الدوحة", "多哈"), ("Vienna", "فيينا", "维也纳"), ("Dakar", "داكار", "达喀尔"), ("Athens", "أثينا", "雅典"),
    ("Beirut", "بيروت", "贝鲁特"), ("Santiago", "سانتياغو", "圣地亚哥"), ("Belgrade", "بلغراد", "贝尔格莱德"), ("Accra", "أكرا", "阿克拉"),
    ("Helsinki", "هلسنكي", "赫尔辛基"), ("Singapore", "سنغافورة", "新加坡"), ("Muscat", "مسقط", "马斯喀特"), ("Bangkok", "بانكوك", "曼谷"),
)  # fmt: skip
TITLE: tuple[Form, ...] = (
    ("Foreign Minister", "وزير الخارجية", "外交部长"), ("Prime Minister", "رئيس الوزراء", "总理"), ("President", "الرئيس", "总统"),
    ("Trade Minister", "وزير التجارة", "贸易部长"), ("Defence Minister", "وزير الدفاع", "国防部长"), ("Energy Minister", "وزير الطاقة", "能源部长"),
    ("Transport Minister", "وزير النقل", "交通部长"), ("Finance Minister", "وزير المالية", "财政部长"),
)  # fmt: skip
TOPIC: tuple[Form, ...] = (
    ("fishing rights", "حقوق الصيد", "渔业权利"), ("a rail link", "خط للسكك الحديدية", "铁路连接"), ("water sharing", "تقاسم المياه", "水资源分配"),
    ("border crossings", "المعابر الحدودية", "边境口岸"), ("grain exports", "صادرات الحبوب", "粮食出口"), ("student visas", "تأشيرات الطلاب", "学生签证"),
    ("a gas pipeline", "خط أنابيب الغاز", "天然气管道"), ("flood relief", "إغاثة متضرري الفيضانات", "洪灾救援"), ("port fees", "رسوم الموانئ", "港口费用"),
    ("air traffic", "حركة الطيران", "航空运输"), ("prisoner exchanges", "تبادل السجناء", "交换囚犯"), ("a customs treaty", "معاهدة جمركية", "关税条约"),
    ("solar power", "الطاقة الشمسية", "太阳能"), ("coastal patrols", "الدوريات الساحلية", "海岸巡逻"), ("vaccine supplies", "إمدادات اللقاحات", "疫苗供应"),
    ("a ceasefire", "وقف إطلاق النار", "停火"), ("tourism", "السياحة", "旅游业"), ("satellite data", "بيانات الأقمار الصناعية", "卫星数据"),
)  # fmt: skip
GOODS: tuple[Form, ...] = (
    ("lorries", "شاحنة", "辆卡车"), ("containers", "حاوية", "个集装箱"), ("passengers", "مسافر", "名旅客"), ("students", "طالب", "名学生"),
    ("tonnes of wheat", "طن من القمح", "吨小麦"), ("households", "أسرة", "户家庭"), ("fishing boats", "قارب صيد", "艘渔船"), ("workers", "عامل", "名工人"),
)  # fmt: skip
WEEKDAY: tuple[Form, ...] = (
    ("Monday", "الاثنين", "星期一"), ("Tuesday", "الثلاثاء", "星期二"), ("Wednesday", "الأربعاء", "星期三"), ("Thursday", "الخميس", "星期四"),
    ("Friday", "الجمعة", "星期五"), ("Saturday", "السبت", "星期六"), ("Sunday", "الأحد", "星期日"),
)  # fmt: skip
MONTH: tuple[tuple[str, str], ...] = (
    ("January", "يناير"), ("February", "فبراير"), ("March", "مارس"), ("April", "أبريل"), ("May", "مايو"), ("June", "يونيو"),
    ("July", "يوليو"), ("August", "أغسطس"), ("September", "سبتمبر"), ("October", "أكتوبر"), ("November", "نوفمبر"), ("December", "ديسمبر"),
)  # fmt: skip

# What is reported, in each language and several wordings. {a} and {b} are the parties with their
# titles, {p} and {q} the bare names, {at} the place, {on} the day, {about} the topic.
CORE: dict[str, dict[str, tuple[str, ...]]] = {
    "meeting": {
        "en": (
            "{a} met {b} in {at} on {on} to discuss {about}.",
            "{a} held talks with {b} on {about} in {at} on {on}.",
            "{b} received {a} in {at} on {on}; the two spoke about {about}.",
        ),
        "ar": (
            "التقى {a} {b} في {at} يوم {on} لبحث {about}.",
            "عقد {a} محادثات مع {b} في {at} يوم {on} حول {about}.",
            "استقبل {b} {a} في {at} يوم {on}، وبحث الجانبان {about}.",
        ),
        "zh": (
            "{a}{on}在{at}会见{b}，双方讨论了{about}问题。",
            "{a}{on}在{at}与{b}举行会谈，议题是{about}。",
            "{b}{on}在{at}接待了来访的{a}，就{about}交换意见。",
        ),
    },
    "call": {
        "en": (
            "{a} spoke by phone with {b} about {about} on {on}.",
            "{a} called {b} on {on}, and the two discussed {about}.",
            "In a telephone call on {on}, {a} and {b} went over {about}.",
        ),
        "ar": (
            "أجرى {a} اتصالا هاتفيا مع {b} يوم {on} بشأن {about}.",
            "بحث {a} هاتفيا مع {b} يوم {on} {about}.",
            "تلقى {b} اتصالا هاتفيا من {a} يوم {on} تناول {about}.",
        ),
        "zh": (
            "{a}{on}同{b}通电话，讨论{about}。",
            "{on}，{a}应约与{b}通话，谈及{about}。",
            "{a}{on}致电{b}，就{about}交换看法。",
        ),
    },
    "planned": {
        "en": (
            "{a} will meet {b} in {at} next week, officials said on {on}; {about} is on the agenda.",
            "{a} plans to visit {at} next month for talks with {b} on {about}, a spokesman said on {on}.",
            "{a} and {b} are due to meet in {at} next week over {about}, it was announced on {on}.",
        ),
        "ar": (
            "يلتقي {a} {b} في {at} الأسبوع المقبل لبحث {about}، بحسب ما أعلن مسؤولون يوم {on}.",
            "من المقرر أن يزور {a} {at} الشهر المقبل لإجراء محادثات مع {b} حول {about}، وفق بيان صدر يوم {on}.",
            "أعلن متحدث يوم {on} أن {a} سيجتمع مع {b} في {at} الأسبوع المقبل لبحث {about}.",
        ),
        "zh": (
            "{on}消息，{a}下周将在{at}会见{b}，讨论{about}。",
            "发言人{on}宣布，{a}计划下月访问{at}，并与{b}就{about}举行会谈。",
            "{a}定于下周在{at}同{b}会晤，商讨{about}，官员{on}表示。",
        ),
    },
    "statement": {
        "en": (
            "{a} said in {at} on {on} that an agreement with {b} on {about} was close.",
            '"We will not give way on {about}," {a} told reporters in {at} on {on}, and thanked {b}.',
            "{a} denied on {on} that there was a dispute with {b} over {about}, speaking in {at}.",
        ),
        "ar": (
            'قال {a} في {at} يوم {on} إن الاتفاق مع {b} بشأن {about} بات قريبا.',
            'وقال {a} للصحفيين في {at} يوم {on}: "لن نتراجع في ملف {about}"، وشكر {b}.',
            "نفى {a} يوم {on} وجود خلاف مع {b} حول {about}، في تصريحات أدلى بها في {at}.",
        ),
        "zh": (
            "{a}{on}在{at}表示，与{b}就{about}达成协议已经不远。",
            "“我们在{about}问题上不会让步。”{a}{on}在{at}对记者说，并向{b}致谢。",
            "{a}{on}在{at}否认与{b}在{about}上存在分歧。",
        ),
    },
}  # fmt: skip
MORE: dict[str, tuple[str, ...]] = {
    "en": (
        "{p} said about {n} {goods} had been affected since {month}.",
        "The {bland} side asked for {n2} days to study the draft, an aide to {q} said.",
        "Trade between {land} and {other} was worth {n} million dollars last year.",
        '"It was a useful step," {q} said after {n2} hours of work.',
        "{p} is expected to call {q} again within {n2} days.",
        "A committee of {n2} experts will report before the end of {month}.",
        "Residents near {at2} said that {n} {goods} were still waiting.",
        "A second meeting, in {at2}, was called off because of bad weather.",
        "{land} and {other} signed a first memorandum {n2} years ago.",
        "Analysts in {at2} expect {n} {goods} to pass through each month.",
    ),
    "ar": (
        "وقال {p} إن نحو {n} {goods} تأثرت منذ {month}.",
        "وطلب الجانب {bland} مهلة {n2} يوما لدراسة المسودة، بحسب مساعد {q}.",
        "وبلغ حجم التجارة بين {land} و{other} {n} مليون دولار العام الماضي.",
        'وقال {q}: "كانت خطوة مفيدة" بعد {n2} ساعة من العمل.',
        "ومن المتوقع أن يتصل {p} مجددا بـ{q} خلال {n2} أيام.",
        "وستقدم لجنة من {n2} خبيرا تقريرها قبل نهاية {month}.",
        "وذكر سكان قرب {at2} أن {n} {goods} ما زالت تنتظر.",
        "وألغي اجتماع ثان في {at2} بسبب سوء الأحوال الجوية.",
        "ووقعت {land} و{other} مذكرة أولى قبل {n2} سنوات.",
        "ويتوقع محللون في {at2} مرور {n} {goods} كل شهر.",
    ),
    "zh": (
        "{p}说，自{month}以来约有{n}{goods}受到影响。",
        "{q}的助手称，{other}方面要求用{n2}天研究草案。",
        "{land}与{other}去年的贸易额为{n}万美元。",
        "{q}在{n2}小时的会谈后表示：“这是有益的一步。”",
        "预计{p}将在{n2}天内再次致电{q}。",
        "由{n2}名专家组成的委员会将在{month}底前提交报告。",
        "{at2}附近的居民说，仍有{n}{goods}在等待。",
        "原定在{at2}举行的第二次会议因天气恶劣取消。",
        "{land}和{other}在{n2}年前签署了第一份备忘录。",
        "{at2}的分析人士预计，每月将有{n}{goods}通过。",
    ),
}
HEAD: dict[str, tuple[str, ...]] = {
    "en": ("{land} and {other} turn to {about}", "{p} and {q}: {about} on the table", "{about}: {land} waits for {other}"),
    "ar": ("{land} و{other} وملف {about}", "{p} و{q} يبحثان {about}", "{about}: {land} تنتظر {other}"),
    "zh": ("{land}与{other}聚焦{about}", "{p}与{q}谈{about}", "{about}：{land}等待{other}"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A generated article: its number, language, day of publication and text (headline first)."""

    number: int
    language: str
    published: date
    text: str

    @property
    def name(self) -> str:
        """Path under the raw folder; a thousand articles share a subfolder."""
        return f"{self.number // PER_FOLDER:04}/{self.number:07}.{self.language}.txt"

    def as_file(self) -> str:
        """The text of a .txt file: front matter with the date, then the article."""
        return f"---\ndate: {self.published.isoformat()}\n---\n\n{self.text}\n"

    def as_record(self) -> str:
        """One line of a JSON lines file."""
        title, _, body = self.text.partition("\n")
        record = {"id": self.number, "title": title, "date": self.published.isoformat(), "text": body.strip()}
        return json.dumps(record, ensure_ascii=False)


def make(number: int, *, seed: int = 7, language: str | None = None) -> Made:
    """Make article ``number`` of the endless series of ``seed``; ``language`` None takes them in turn."""
    own = random.Random(f"{seed}/article/{number}")
    shared = random.Random(f"{seed}/occurrence/{_occurrence(number, seed)}")
    tongue = language or LANGUAGES[number % len(LANGUAGES)]
    column = LANGUAGES.index(tongue)
    kind = shared.choices(tuple(CORE), weights=(4, 2, 2, 4))[0]
    day = FIRST_DAY + timedelta(shared.randrange(DAYS))
    first, second = shared.sample(range(len(COUNTRY)), 2)
    people = [(shared.choice(GIVEN), shared.choice(SURNAME)) for _ in range(2)]
    titles = [shared.choice(TITLE) for _ in range(2)]
    joint = "·" if tongue == "zh" else " "
    p, q = (joint.join((given[column], family[column])) for given, family in people)
    a, b = (
        _titled(tongue, title[column], COUNTRY[land], name)
        for title, land, name in zip(titles, (first, second), (p, q), strict=True)
    )
    weekday = WEEKDAY[day.weekday()][column]
    month = own.choice(MONTH)
    values = {
        "a": a, "b": b, "p": p, "q": q,
        "at": shared.choice(PLACE)[column],
        "about": shared.choice(TOPIC)[column],
        "on": f"{day.month}月{day.day}日" if tongue == "zh" and own.random() < 0.7 else weekday,
        "land": COUNTRY[first][column], "other": COUNTRY[second][column],
        "bland": COUNTRY[second][3 if tongue == "en" else 4],
        "month": f"{MONTH.index(month) + 1}月" if tongue == "zh" else month[column],
    }  # fmt: skip
    head = own.choice(HEAD[tongue]).format(**values)
    told = [own.choice(CORE[kind][tongue]).format(**values)]
    for form in own.sample(MORE[tongue], 3):
        told.append(
            form.format(
                **values,
                n=own.randrange(1_000, 99_000) if tongue == "zh" else f"{own.randrange(1_000, 99_000):,}",
                n2=own.randrange(3, 40),
                goods=own.choice(GOODS)[column],
                at2=own.choice(PLACE)[column],
            )
        )
    first_line, rest = told[0], told[1:]
    half = own.randrange(1, len(rest))
    space = "" if tongue == "zh" else " "
    body = "\n".join((first_line, space.join(rest[:half]), space.join(rest[half:])))
    return Made(number, tongue, day + timedelta(own.randrange(2)), f"{head[0].upper()}{head[1:]}\n\n{body}")


def _titled(language: str, title: str, country: tuple[str, str, str, str, str], name: str) -> str:
    if language == "en":
        return f"{country[3]} {title} {name}"
    if language == "zh":
        return f"{country[2]}{title}{name}"
    # The adjective stands after the title: وزير الخارجية المصري.
    return f"{title} {country[4]} {name}"


def _occurrence(number: int, seed: int) -> int:
    """The occurrence that article ``number`` reports: each has one to four articles in a row."""
    block, place = divmod(number, 2 * PER_OCCURRENCE)
    cuts = random.Random(f"{seed}/cuts/{block}").sample(range(1, 2 * PER_OCCURRENCE), 3)
    return 4 * block + sum(cut <= place for cut in cuts)


def make_many(first: int, last: int, *, seed: int = 7, language: str | None = None) -> Iterator[Made]:
    """Make the articles ``first`` to ``last`` - 1."""
    for number in range(first, last):
        yield make(number, seed=seed, language=language)


def write_files(folder: Path, first: int, last: int, *, seed: int = 7, language: str | None = None) -> None:
    """Write the articles as one file each, a thousand to a subfolder."""
    for made in make_many(first, last, seed=seed, language=language):
        path = folder / made.name
        if made.number % PER_FOLDER == 0 or made.number == first:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.as_file(), encoding="utf-8")


def write_jsonl(folder: Path, first: int, last: int, *, seed: int = 7, language: str | None = None) -> None:
    """Write the articles as JSON lines, a thousand to a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in range(first // PER_FOLDER, -(-last // PER_FOLDER)):
        start, end = max(first, file * PER_FOLDER), min(last, (file + 1) * PER_FOLDER)
        lines = [made.as_record() for made in make_many(start, end, seed=seed, language=language)]
        (folder / f"{file:04}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--articles", type=click.IntRange(min=1), default=1000, show_default=True, help="How many articles.")
@click.option("--first", type=click.IntRange(min=0), default=0, show_default=True, help="Number of the first.")
@click.option("--seed", default=7, show_default=True, help="Another seed gives other articles.")
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help="One language; by default all in turn.")
@click.option("--jsonl", is_flag=True, help="A thousand articles to a JSON lines file, not a file each.")
def main(folder: Path, articles: int, first: int, seed: int, language: str | None, jsonl: bool) -> None:
    """Fill FOLDER with short invented articles.

    Example: python benchmarks/templates.py data/many --articles 1000
    """
    (write_jsonl if jsonl else write_files)(folder, first, first + articles, seed=seed, language=language)


if __name__ == "__main__":
    main()
