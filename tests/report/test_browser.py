"""The page in headless Chromium: what it draws, its filters, directions, keyboard, widths, schemes, and axe-core.

Skipped where there is no browser; ``make test-report`` installs one and then nothing may be skipped.
"""

import os
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from pipeline.report import write_report
from tests.report import browser as chromium
from tests.report.corpus import HOSTILE, WIDE, harbour

WEB = Path(__file__).parents[2] / "pipeline" / "report" / "web"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
REQUIRED = os.environ.get("COMMUNIQUE_BROWSER") == "required"
MISSING = chromium.missing() or (None if AXE.exists() else "no axe-core here; npm ci in pipeline/report/web")

pytestmark = pytest.mark.skipif(MISSING is not None and not REQUIRED, reason=f"{MISSING} (make test-report does)")

ESCAPE, TAB, ENTER, SPACE = "\ue00c", "\ue004", "\ue007", " "


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    if MISSING:
        pytest.fail(MISSING)
    folder = tmp_path_factory.mktemp("pages")
    tables = harbour().write(folder / "tables")
    write_report(tables, folder / "whole.html")
    write_report(tables, folder / "part.html", limit=2)
    return folder


@pytest.fixture(scope="module")
def driver(pages):
    with chromium.browser() as driver:
        yield driver


@pytest.fixture
def show(driver, pages):
    """Open the page at a state; fails the test where the page complained or asked for anything."""

    def open_(state="", *, name="whole", width=1280, height=900, dark=False):
        chromium.view(driver, width=width, height=height, dark=dark)
        driver.get("about:blank")
        chromium.requests(driver)
        driver.get((pages / f"{name}.html").as_uri() + (f"#{state}" if state else ""))
        driver.execute_script("try { localStorage.clear() } catch {}")
        return driver

    yield open_
    assert chromium.complaints(driver) == []
    asked = [url for url in chromium.requests(driver) if not url.startswith(("file:", "data:", "about:"))]
    assert asked == []


def all_(driver, selector):
    return driver.find_elements("css selector", selector)


def one(driver, selector):
    found = all_(driver, selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def texts(driver, selector):
    return driver.execute_script(
        "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector
    )


def shown(driver):
    return one(driver, "#events .count").text


def choose(driver, label, value):
    """Choose an option of the select with this label among the filters."""
    driver.execute_script(
        """
        const label = [...document.querySelectorAll(".filters label")].find(l => l.textContent.startsWith(arguments[0]));
        const field = label.querySelector("select, input");
        field.focus();
        field.value = arguments[1];
        for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
        """,
        label, value,
    )  # fmt: skip


def sideways(driver):
    return driver.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")


def audit(driver):
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    answer = driver.execute_async_script(
        "const done = arguments[0]; axe.run({ resultTypes: ['violations'] }).then(done, e => done({ error: String(e) }))"
    )
    assert "error" not in answer, answer
    return [f"{v['impact']} {v['id']}: {v['help']}; {v['nodes'][0]['html'][:160]}" for v in answer["violations"]]


def test_the_timeline_comes_first_and_tells_what_became_of_it(show):
    driver = show()
    assert texts(driver, "main > section h2")[0] == "What became of it"
    first = one(driver, "#timeline .story.changed")
    assert "Ada Holm" in first.text
    assert "Omar Saleh" in first.text
    chain = texts(driver, ".story.changed .chain")[0]
    positions = [chain.index(w) for w in ("planned", "called off", "happened")]
    assert positions == sorted(positions)
    labels = texts(driver, ".story.changed .track .label")
    assert labels == ["planned", "called off", "happened"]


def test_a_story_opens_to_the_sentences_behind_its_changes(show):
    driver = show()
    button = one(driver, ".story.changed button.fold")
    assert button.get_attribute("aria-expanded") == "false"
    button.send_keys(ENTER)
    assert button.get_attribute("aria-expanded") == "true"
    sentences = all_(driver, ".story.changed .changes blockquote")
    assert [s.get_attribute("dir") for s in sentences] == ["ltr", "rtl", "ltr"]
    assert texts(driver, ".story.changed .changes mark") == ["meet", "لقاء", "会见"]
    all_(driver, ".story.changed .detail button.plain")[-1].click()
    assert shown(driver).startswith("4 of 46 events")


def test_figures_count_and_lead_to_lists(show):
    driver = show()
    numbers = [n.text for n in all_(driver, ".numbers strong")]
    assert numbers == ["6", "46", "2", "1", "1"]
    cell = next(c for c in all_(driver, ".cell") if "meetings, called off" in c.get_attribute("aria-label"))
    cell.click()
    assert shown(driver) == "1 of 46 events"
    assert "type=meeting" in driver.current_url
    assert "status=cancelled" in driver.current_url


@pytest.mark.parametrize(
    ("label", "value", "count", "state"),
    [
        ("Type", "call", "1 of 46", "type=call"),
        ("Status", "planned", "1 of 46", "status=planned"),
        ("Language", "ar", "2 of 46", "lang=ar"),
        ("From", "2026-01-13", "40 of 46", "from=2026-01-13"),
        ("To", "2026-01-11", "2 of 46", "to=2026-01-11"),
        ("Party", "Ada Holm", "5 of 46", "party=x1"),
        ("Words", "الغي", "2 of 46", "q="),
        ("Words", "number 17", "1 of 46", "q=number"),
        ("Words", "nowhere to be found", "0 of 46", "q=nowhere"),
    ],
)
def test_a_filter_narrows_the_list_and_stands_in_the_address(show, label, value, count, state):
    driver = show()
    assert shown(driver).startswith("All 46 events")
    choose(driver, label, value)
    assert shown(driver).startswith(f"{count} events")
    assert state in driver.current_url
    live = one(driver, "#events .count")
    assert live.get_attribute("aria-live") == "polite"
    address = driver.current_url.split("#")[1]
    show(address)
    assert shown(driver).startswith(f"{count} events")
    clear = next(b for b in all_(driver, ".filters button") if b.text == "Clear filters")
    clear.click()
    assert shown(driver).startswith("All 46 events")


def test_filters_join_and_stories_can_be_listed(show):
    driver = show("type=meeting&lang=zh")
    assert shown(driver) == "1 of 46 events"
    show("show=stories&status=negated")
    assert shown(driver) == "1 of 2 stories"
    show("show=stories&party=x2")
    assert shown(driver) == "1 of 2 stories"


def test_a_story_is_found_by_an_older_id(show):
    driver = show("story=s0")
    assert shown(driver) == "4 of 46 events"
    assert "Ada Holm" in one(driver, ".only").text


def test_long_lists_open_in_steps(show):
    driver = show()
    assert len(all_(driver, "#events .item")) == 30
    one(driver, "#events > button.more").send_keys(ENTER)
    assert len(all_(driver, "#events .item")) == 46


@pytest.mark.parametrize(
    "state", ["type=nonsense", "article=none&event=none", "party=<b>", "q=%F0%9F", "=", "show=x&from=x"]
)
def test_an_odd_address_harms_nothing(show, state):
    driver = show(state)
    assert one(driver, "#events .count").text


def test_each_paragraph_runs_in_its_own_direction(show):
    driver = show("article=a2")
    found = [
        (e.get_attribute("lang"), e.get_attribute("dir"), e.value_of_css_property("direction"))
        for e in all_(driver, ".text p[lang], .text h3[lang]")
    ]
    assert ("ar", "rtl", "rtl") in found
    assert ("en", "ltr", "ltr") in found
    show("article=a6")
    assert one(driver, ".text p[lang]").get_attribute("dir") == "rtl"


def test_an_arabic_word_stays_joined_where_its_trigger_begins_inside_it(show):
    driver = show("article=a2")
    style = driver.execute_script(
        "const s = getComputedStyle(document.querySelector('.text [lang=ar] .trigger'));"
        "return [s.display, s.paddingInlineStart, s.marginInlineStart, s.borderInlineStartWidth, s.unicodeBidi]"
    )
    assert style == ["inline", "0px", "0px", "0px", "normal"]
    assert "وقال" in one(driver, ".text").text


@pytest.mark.parametrize(("width", "beside"), [(1280, True), (390, False)])
def test_a_bilingual_text_stands_side_by_side(show, width, beside):
    driver = show("article=a3", width=width)
    columns = all_(driver, ".column")
    assert [c.get_attribute("aria-label") for c in columns] == ["Chinese", "English"]
    tops = [c.rect["y"] for c in columns]
    assert (abs(tops[0] - tops[1]) < 2) is beside


def test_marks_stand_right_after_characters_of_two_units(show):
    driver = show("article=a3")
    assert texts(driver, ".text .trigger") == ["会见", "met"]
    assert WIDE in one(driver, ".text").text


def test_an_event_of_the_article_tells_its_parties_and_roles(show):
    driver = show("article=a1")
    trigger = one(driver, ".text .trigger")
    trigger.send_keys(SPACE)
    assert one(driver, ".text .trigger").get_attribute("aria-pressed") == "true"
    assert "event=a1-m" in driver.current_url
    entry = one(driver, ".entries .on").text
    for word in ("planned", "participant", "Ada Holm", "place", "Oslo"):
        assert word in entry
    assert texts(driver, ".text .mine") == ["Ada Holm", "Omar Saleh", "Oslo"]
    names = next(e for e in all_(driver, ".key input"))
    names.send_keys(SPACE)
    assert not all_(driver, ".text .nm")


def test_hostile_text_is_shown_and_does_nothing(show):
    driver = show()
    driver.execute_script("for (const b of document.querySelectorAll('button.more, button.fold')) b.click()")
    assert driver.execute_script("return window.hacked") is None
    assert not all_(driver, "img")
    assert not all_(driver, ".item b, .text b")
    visible = HOSTILE.replace("\u202e", "\N{REPLACEMENT CHARACTER}")
    assert visible in " ".join(texts(driver, "#articles bdi"))
    assert visible in " ".join(texts(driver, "#timeline h4 bdi"))
    show("article=a4")
    assert one(driver, "#reader-title bdi").text == visible
    assert "<b>he</b>" in one(driver, ".text").text
    assert not all_(driver, ".reader a")
    show("article=a1")
    link = one(driver, ".reader a")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_the_policy_stops_scripts_and_requests(driver, show):
    show()
    ran = driver.execute_async_script(
        """
        const done = arguments[0];
        const script = document.createElement("script");
        script.textContent = "window.hacked = 2";
        document.body.append(script);
        const image = new Image();
        image.onerror = () => done([window.hacked ?? null, "refused"]);
        image.onload = () => done([window.hacked ?? null, "loaded"]);
        image.src = "https://lighthouse.example/pixel.png";
        """
    )
    assert ran == [None, "refused"]
    chromium.requests(driver)  # the attempt itself stands in the log
    assert len(chromium.complaints(driver)) >= 2


def test_the_keyboard_reaches_everything(show):
    driver = show()
    body = one(driver, "body")
    body.send_keys(TAB)
    active = driver.switch_to.active_element
    assert active.text == "Skip to the stories"
    active.send_keys(ENTER)
    assert driver.switch_to.active_element.get_attribute("id") == "timeline-title"
    driver.switch_to.active_element.send_keys(TAB)
    fold = driver.switch_to.active_element
    assert fold.get_attribute("class") == "fold"
    outline = driver.execute_script(
        "const s = getComputedStyle(arguments[0]); return [s.outlineStyle, s.outlineWidth]", fold
    )
    assert outline == ["solid", "2px"]
    stops = driver.execute_script(
        "return [...document.querySelectorAll('a,button,input,select,summary,[tabindex]')]"
        ".filter(e => e.tabIndex > 0).length"
    )
    assert stops == 0


def test_escape_and_back_close_the_article_and_focus_returns(show):
    driver = show()
    title = next(b for b in all_(driver, "#articles button.plain") if b.text == "Ministers to meet in Oslo")
    title.send_keys(ENTER)
    assert one(driver, "dialog").get_attribute("open") is not None
    assert driver.switch_to.active_element.get_attribute("id") == "reader-title"
    driver.switch_to.active_element.send_keys(ESCAPE)
    assert one(driver, "dialog").get_attribute("open") is None
    assert driver.switch_to.active_element.text == "Ministers to meet in Oslo"
    assert "article=" not in driver.current_url
    title.click()
    driver.back()
    assert one(driver, "dialog").get_attribute("open") is None


def test_the_scheme_follows_the_system_and_the_switch(show):
    driver = show(dark=True)
    paper = "return getComputedStyle(document.body).backgroundColor"
    dark = driver.execute_script(paper)
    switch = one(driver, ".theme")
    assert switch.get_attribute("aria-pressed") == "true"
    switch.click()
    light = driver.execute_script(paper)
    assert light != dark
    show()
    assert driver.execute_script(paper) == light


def test_nothing_moves_for_those_who_ask(show):
    driver = show()
    assert (
        one(driver, "button.fold.fold, .story.changed button.fold").value_of_css_property("transition-duration") == "0s"
    )


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("state", ["", "article=a3", "article=a4", "show=stories"])
def test_no_width_scrolls_sideways(show, width, state):
    driver = show(state, width=width)
    if not state:
        driver.execute_script(
            "for (const b of document.querySelectorAll('button.more, button.fold, summary')) b.click()"
        )
    assert sideways(driver) <= 0
    spill = driver.execute_script(
        "return [...document.querySelectorAll('.reader *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert spill == 0


def test_a_page_that_leaves_articles_out_says_so(show):
    driver = show(name="part")
    assert "2 of 6 articles" in one(driver, ".notice").text
    driver = show()
    assert not all_(driver, ".notice")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("state", ["", "article=a2&event=", "article=a3"])
def test_axe_finds_nothing(show, state, width, dark):
    driver = show(state + ("a2-m27" if state.endswith("event=") else ""), width=width, dark=dark)
    if not state:
        driver.execute_script("for (const b of document.querySelectorAll('button.fold, summary')) b.click()")
    assert audit(driver) == []


def test_the_network_can_be_chosen_from_its_table(show):
    driver = show()
    assert one(driver, ".drawing svg").get_attribute("role") == "img"
    assert len(all_(driver, ".drawing .node")) == 3
    next(b for b in all_(driver, ".pairs button.name") if b.text == "Omar Saleh").send_keys(ENTER)
    assert one(driver, ".party-name").text == "Omar Saleh"
    assert len(all_(driver, ".pairs tbody tr")) == 1
    next(b for b in all_(driver, ".party button") if b.text == "List its events").click()
    assert shown(driver) == "5 of 46 events"
    assert f"party={quote('x2')}" in driver.current_url


def test_the_committed_script_is_what_the_sources_build():
    result = subprocess.run(["node", "build.mjs", "--check"], cwd=WEB, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
