// An article with its names, triggers and roles; a bilingual one in two columns, each in its own direction.
import { Fragment } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ROLES, articles, count, dayWord, directionOf, eventsOfArticle, languageWord, nameOf, stories, typeWord } from "./data.js";
import { EventFacts, EventParties } from "./list.jsx";
import { Name, Status } from "./marks.jsx";
import { go } from "./router.js";
import { pieces, roleSpans, triggerSpan } from "./text.jsx";

const PAPER = { PER: "person", ORG: "organisation", GPE: "country or city", LOC: "place" };

/** Paragraphs (lines of the text) with the language of most of their letters and the kind of their sentences. */
function paragraphs(article) {
  const found = [];
  for (const match of article.text.matchAll(/[^\n]+/g)) {
    if (!match[0].trim()) continue;
    const [start, end] = [match.index, match.index + match[0].length];
    const inside = article.s.filter((s) => s[0] < end && s[1] > start);
    const letters = new Map();
    for (const [lo, hi, language] of inside) letters.set(language, (letters.get(language) ?? 0) + Math.min(hi, end) - Math.max(lo, start));
    const language = [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? article.lang;
    const kinds = new Set(inside.map((s) => s[3]));
    const kind = kinds.size === 1 ? [...kinds][0] : "body";
    found.push({ start, end, language, kind });
  }
  return found;
}

/** Runs of pieces that lie in one trigger stand in one control. */
function byTrigger(found) {
  const runs = [];
  for (const piece of found) {
    const event = piece.spans.find((s) => s.kind === "trigger")?.event;
    if (runs.length && runs.at(-1).event === event) runs.at(-1).pieces.push(piece);
    else runs.push({ event, pieces: [piece] });
  }
  return runs;
}

function Piece({ article, piece, show, chosen }) {
  const text = article.text.slice(piece.start, piece.end);
  const classes = [];
  const name = show.names && piece.spans.find((s) => s.kind === "name");
  const roles = piece.spans.filter((s) => s.kind === "role");
  const mine = roles.find((s) => s.event.id === chosen);
  const role = mine ?? (show.roles && !chosen ? roles[0] : undefined);
  if (name) classes.push("nm", `l-${name.label}`);
  if (role) classes.push("role", `r-${role.role}`);
  if (mine) classes.push("mine");
  if (!classes.length) return <>{text}</>;
  const hint = [role?.role, name && PAPER[name.label], name?.entity && nameOf(name.entity)].filter(Boolean).join(", ");
  return (
    <span class={classes.join(" ")} title={hint}>
      {text}
    </span>
  );
}

function Paragraph({ article, paragraph, spans, show, chosen, choose }) {
  const Tag = paragraph.kind === "title" ? "h3" : "p";
  const runs = byTrigger(pieces(paragraph.start, paragraph.end, spans));
  return (
    <Tag lang={paragraph.language} dir={directionOf(paragraph.language)} class={`k-${paragraph.kind}`}>
      {runs.map(({ event, pieces: parts }) => {
        const inner = parts.map((p) => <Piece key={p.start} article={article} piece={p} show={show} chosen={chosen} />);
        if (!event || !show.triggers) return <Fragment key={parts[0].start}>{inner}</Fragment>;
        const on = event.id === chosen;
        // Not a <button>: that is an inline block, which breaks Arabic words that begin before their trigger.
        return (
          <span
            key={parts[0].start}
            role="button"
            tabindex={0}
            id={`t-${event.id}`}
            class={`trigger s-${event.s}${on ? " on" : ""}`}
            aria-pressed={on}
            onClick={() => choose(on ? "" : event.id)}
            onKeyDown={(e) => {
              if (e.key === "Enter" || e.key === " ") {
                e.preventDefault();
                choose(on ? "" : event.id);
              }
            }}
          >
            {inner}
          </span>
        );
      })}
    </Tag>
  );
}

function EventEntry({ event, on, choose }) {
  const article = articles.get(event.at);
  return (
    <li id={`e-${event.id}`} class={on ? "on" : ""}>
      <button type="button" class="entry" aria-expanded={on} onClick={() => choose(on ? "" : event.id, true)}>
        <Status status={event.s} type={event.t} />
        <span>
          {typeWord(event.t)}: <q lang={article.s[event.n][2]}><Name>{article.text.slice(...event.x)}</Name></q>
        </span>
      </button>
      {on && (
        <div class="entry-body">
          <p>
            <EventFacts event={event} />
          </p>
          <dl>
            {ROLES.filter((role) => event.a.some((a) => a[0] === role)).map((role) => (
              <div key={role}>
                <dt>
                  <span class={`role r-${role}`}>{role}</span>
                </dt>
                <dd>
                  {event.a
                    .filter((a) => a[0] === role)
                    .map(([, start, end, name, id], i) => {
                      const printed = start == null ? name : article.text.slice(start, end);
                      const resolved = id ? nameOf(id, name) : null;
                      return (
                        <div key={i}>
                          <Name>{printed}</Name>
                          {resolved && resolved !== printed && (
                            <span class="quiet">
                              {" is "}
                              <Name>{resolved}</Name>
                            </span>
                          )}
                        </div>
                      );
                    })}
                </dd>
              </div>
            ))}
            {event.q && (
              <div>
                <dt>words</dt>
                <dd>
                  <Name>{article.text.slice(...event.q)}</Name>
                </dd>
              </div>
            )}
          </dl>
          <p class="quiet">
            {event.ca && `CAMEO ${event.ca}, `}
            {event.pl && `PLOVER ${event.pl}, `}
            found by {event.mt.replace("+", " and ")}
            {event.sc != null && `, score ${event.sc.toFixed(2)}`}
          </p>
          {event.st && stories.has(event.st) && stories.get(event.st).mentions > 1 && (
            <button
              type="button"
              class="plain"
              onClick={() => go({ article: "", event: "", show: "", q: "", party: "", type: "", status: "", lang: "", from: "", to: "", story: event.st }, { push: true })}
            >
              All {stories.get(event.st).mentions} mentions of this story
            </button>
          )}
        </div>
      )}
    </li>
  );
}

function Columns({ article, parts, ...rest }) {
  const languages = [...new Set(parts.filter((p) => p.kind !== "boilerplate").map((p) => p.language))];
  const draw = (some) => some.map((p) => <Paragraph key={p.start} article={article} paragraph={p} {...rest} />);
  if (languages.length !== 2) return <div class="text">{draw(parts)}</div>;
  const other = parts.filter((p) => !languages.includes(p.language));
  return (
    <div class="text">
      <div class="two">
        {languages.map((language) => (
          <div key={language} class="column" role="group" aria-label={languageWord(language)}>
            <p class="column-name">{languageWord(language)}</p>
            {draw(parts.filter((p) => p.language === language))}
          </div>
        ))}
      </div>
      {draw(other)}
    </div>
  );
}

const LEGEND = [
  ["names", "names"],
  ["triggers", "events"],
  ["roles", "roles"],
];

function Legend({ show, set }) {
  return (
    <fieldset class="key">
      <legend class="visually-hidden">Highlight</legend>
      {LEGEND.map(([key, word]) => (
        <label key={key}>
          <input type="checkbox" checked={show[key]} onChange={(e) => set({ ...show, [key]: e.currentTarget.checked })} /> {word}
        </label>
      ))}
      <span class="key-roles" aria-label="How roles are underlined">
        {ROLES.map((role) => (
          <span key={role} class={`role r-${role}`}>
            {role}
          </span>
        ))}
      </span>
    </fieldset>
  );
}

export function Reader({ route }) {
  const ref = useRef(null);
  const article = articles.get(route.article);
  const [show, setShow] = useState({ names: true, triggers: true, roles: true });
  const own = eventsOfArticle.get(route.article) ?? [];
  const chosen = own.some((e) => e.id === route.event) ? route.event : "";
  const parts = useMemo(() => (article ? paragraphs(article) : []), [article]);
  const spans = useMemo(
    () => [
      ...own.map(triggerSpan),
      ...own.flatMap(roleSpans),
      ...(article?.m ?? []).map(([start, end, label, entity]) => ({ start, end, kind: "name", label, entity })),
    ],
    [article],
  );

  useEffect(() => {
    const dialog = ref.current;
    if (article && !dialog.open) {
      dialog.showModal();
      document.getElementById("reader-title").focus();
    }
    if (!article && dialog.open) dialog.close();
    document.documentElement.classList.toggle("reading", Boolean(article));
  }, [article]);

  useEffect(() => {
    if (!chosen) return;
    for (const id of [`t-${chosen}`, `e-${chosen}`]) document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  }, [chosen, article]);

  const close = () => go({ article: "", event: "" }, { push: true });
  const choose = (event) => go({ event });
  return (
    <dialog
      ref={ref}
      class="reader"
      aria-labelledby="reader-title"
      onCancel={(e) => {
        e.preventDefault();
        close();
      }}
    >
      {article && (
        <>
          <header class="reader-head">
            <div>
              <h2 id="reader-title" tabindex={-1}>
                <Name>{article.title ?? article.source}</Name>
              </h2>
              <p class="quiet">
                {article.publisher && (
                  <>
                    <Name>{article.publisher}</Name>
                    {" · "}
                  </>
                )}
                {article.author && (
                  <>
                    <Name>{article.author}</Name>
                    {" · "}
                  </>
                )}
                {dayWord(article.date)} · {article.langs.map(languageWord).join(", ")} · <bdi class="file">{article.source}</bdi>
                {article.copy && " · a copy of an earlier article"}
                {article.garbled > 0.5 && " · text looks broken or machine-translated"}
                {article.url && (
                  <>
                    {" · "}
                    <a href={article.url} rel="noopener noreferrer" target="_blank">
                      original (opens the web)
                    </a>
                  </>
                )}
              </p>
            </div>
            <button type="button" class="close" onClick={close}>
              Close
            </button>
          </header>
          <div class="reader-body">
            <article aria-labelledby="reader-title">
              <Legend show={show} set={setShow} />
              <Columns article={article} parts={parts} spans={spans} show={show} chosen={chosen} choose={choose} />
            </article>
            <aside aria-label="Events in this article">
              <h3>{count(own.length, "event")}</h3>
              <ol class="entries">
                {own.map((e) => (
                  <EventEntry key={e.id} event={e} on={e.id === chosen} choose={choose} />
                ))}
              </ol>
              {!own.length && <p class="quiet">None was found, or the article’s language is not one of the three.</p>}
            </aside>
          </div>
        </>
      )}
    </dialog>
  );
}
