import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { count, data, dayWord, eventsOfArticle, languageWord, spanWord } from "./data.js";
import { Figures } from "./figures.jsx";
import { List } from "./list.jsx";
import { Name } from "./marks.jsx";
import { Network } from "./network.jsx";
import { Reader } from "./reader.jsx";
import { go, reveal, useRoute } from "./router.js";
import { Timeline } from "./timeline.jsx";

const SECTIONS = [
  ["timeline", "Stories"],
  ["figures", "Figures"],
  ["network", "Network"],
  ["events", "Events"],
  ["articles", "Articles"],
];
const STEP = 20;

function Theme() {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const [dark, set] = useState(document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : system.matches);
  useEffect(() => {
    const follow = () => !document.documentElement.dataset.theme && set(system.matches);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, []);
  const turn = () => {
    const theme = dark ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    set(!dark);
    try {
      localStorage.setItem("communique-theme", theme);
    } catch {
      // Storage may be closed to pages from disk; the choice then lasts until the page is closed.
    }
  };
  return (
    <button type="button" class="theme" aria-pressed={dark} onClick={turn}>
      Dark
    </button>
  );
}

function jump(event, id) {
  event.preventDefault();
  reveal(`${id}-title`);
}

function Head() {
  const { figures, choice } = data;
  const { articles, events, changed, stories } = figures;
  return (
    <header class="top">
      <a class="skip" href="#timeline" onClick={(e) => jump(e, "timeline")}>
        Skip to the stories
      </a>
      <div class="bar-top">
        <p class="brand">Communique</p>
        <nav aria-label="Sections">
          {SECTIONS.map(([id, word]) => (
            <a key={id} href={`#${id}`} onClick={(e) => jump(e, id)}>
              {word}
            </a>
          ))}
        </nav>
        <Theme />
      </div>
      <div class="title">
        <h1>Who met, called and told whom, and did it happen?</h1>
        <p class="scope">
          {count(articles, "article")} in {figures.languages.map((l) => languageWord(l[0])).join(", ")}
          {figures.first && `, ${spanWord(figures.first, figures.last)}`}. {count(events, "event")}, {count(stories, "story", "stories")}
          {changed > 0 && `, ${changed} of which changed course`}.
        </p>
        {choice.articles < choice.of && (
          <p class="notice" role="note">
            This page holds {choice.articles.toLocaleString("en")} of {choice.of.toLocaleString("en")} articles in full: those of the
            stories that changed course or that most articles report, then the newest. Stories, events and articles below are
            theirs; the figures and the network count all.
          </p>
        )}
      </div>
    </header>
  );
}

function Articles() {
  const [limit, setLimit] = useState(STEP);
  const sorted = [...data.articles].sort((a, b) => (b.date ?? "").localeCompare(a.date ?? "") || (a.source < b.source ? -1 : 1));
  const left = sorted.length - limit;
  return (
    <section class="wide" aria-labelledby="articles-title" id="articles">
      <div class="head">
        <h2 id="articles-title" tabindex={-1}>
          Articles
        </h2>
        <p class="lead">Newest first. A title opens the text with its names, events and roles.</p>
      </div>
      <ol class="articles">
        {sorted.slice(0, limit).map((a) => (
          <li key={a.id}>
            <span class="date">{dayWord(a.date)}</span>
            <span class="what">
              <button type="button" class="plain" onClick={() => go({ article: a.id, event: "" }, { push: true })}>
                <Name>{a.title ?? a.source}</Name>
              </button>
              <span class="quiet">
                {a.publisher && (
                  <>
                    <Name>{a.publisher}</Name>
                    {", "}
                  </>
                )}
                {a.langs.map(languageWord).join(" and ")}
                {a.copy && ", a copy"}
              </span>
            </span>
            <span class="quiet n">{count(eventsOfArticle.get(a.id)?.length ?? 0, "event")}</span>
          </li>
        ))}
      </ol>
      {left > 0 && (
        <button type="button" class="more" onClick={() => setLimit(limit + 50)}>
          Show {Math.min(50, left)} more
        </button>
      )}
    </section>
  );
}

function App() {
  const route = useRoute();
  useEffect(() => {
    const id = location.hash.slice(1);
    if (SECTIONS.some(([known]) => known === id)) reveal(`${id}-title`);
    else if (/=/.test(id) && !route.article) document.getElementById("events")?.scrollIntoView();
  }, []);
  return (
    <>
      <Head />
      <main>
        <Timeline />
        <Figures />
        <Network />
        <List route={route} />
        <Articles />
      </main>
      <footer class="foot">
        <p>
          Made by Communique from the tables of a run; every mark was found by a program, which errs. Read the sentence before
          you draw a conclusion. Nothing on this page is loaded from elsewhere.
        </p>
      </footer>
      <Reader route={route} />
    </>
  );
}

render(<App />, document.getElementById("page"));
