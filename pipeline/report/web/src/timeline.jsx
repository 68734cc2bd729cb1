// Stories on a line of time: when each was told, with which status, and what became of it.
import { scaleUtc } from "d3-scale";
import { useMemo, useState } from "preact/hooks";
import {
  STATUSES, articles, asDate, changed, count, data, dayWord, languageWord, modeWord, spanWord, statusWord, teller, typeWord,
} from "./data.js";
import { Mark, Name, Shape, Status } from "./marks.jsx";
import { go, reveal } from "./router.js";
import { useWidth } from "./size.js";
import { Sentence } from "./text.jsx";

const STEP = 12;
const GROUPS = [
  { key: "changed", title: "Changed course", note: "the status changed between the first report and the last" },
  { key: "repeated", title: "Told more than once", note: "by two articles or more, with one status" },
  { key: "once", title: "Told once", note: "by a single article" },
];

function grouped() {
  const order = (a, b) =>
    b.articles - a.articles || b.mentions - a.mentions || (a.first ?? "").localeCompare(b.first ?? "") || (a.id < b.id ? -1 : 1);
  const of = { changed: [], repeated: [], once: [] };
  for (const story of data.stories) {
    of[changed(story) ? "changed" : story.articles > 1 ? "repeated" : "once"].push(story);
  }
  of.changed.sort(order);
  of.repeated.sort(order);
  of.once.sort((a, b) => (a.first ?? "").localeCompare(b.first ?? "") || order(a, b));
  return of;
}

function domain() {
  const days = data.stories.flatMap((s) => [s.first, s.last]).filter(Boolean).sort();
  if (!days.length) return null;
  const [first, last] = [asDate(days[0]), asDate(days.at(-1))];
  const pad = Math.max((last - first) * 0.03, 43_200_000);
  return [new Date(first - pad), new Date(+last + pad)];
}

export function StoryTitle({ story }) {
  const shown = story.who.slice(0, 3);
  const more = story.who.length - shown.length;
  if (!shown.length) return <>Parties not named</>;
  return (
    <>
      {shown.map((name, i) => (
        <>
          {i > 0 && <span class="and">, </span>}
          <Name>{name}</Name>
        </>
      ))}
      {more > 0 && <span class="and"> and {more} more</span>}
    </>
  );
}

export function StoryFacts({ story }) {
  const mode = modeWord(story.mode);
  return (
    <>
      {typeWord(story.type)}
      {mode && ` (${mode})`}
      {story.place && (
        <>
          {", "}
          <Name>{story.place}</Name>
        </>
      )}
      {story.start && `, ${spanWord(story.start, story.end)}`}
    </>
  );
}

/** Words for an event outside the axis, at its edge, on the side that no label takes; none where both are taken. */
function outside(text, after, labels, width) {
  const long = text.length * 6 + 4;
  const [lo, hi] = after ? [width - long, width] : [0, long];
  const half = (mark) => mark.label.length * 3.8;
  const side = ["above", "below"].find((s) => !labels.some((m) => m.side === s && m.at + half(m) > lo && m.at - half(m) < hi));
  return side && { text, side, x: after ? width - 2 : 2, anchor: after ? "end" : "start" };
}

/** Marks of one day, side by side; labels above, else below, else left to the list of changes. */
function layout(story, x, width) {
  const history = story.history.filter((h) => h[0]);
  const marks = history.map(([day, status], i) => {
    const before = history.slice(0, i).filter((h) => h[0] === day).length;
    return { x: x(asDate(day)) + before * 17, status, day };
  });
  const taken = { above: -Infinity, below: -Infinity };
  for (const mark of marks) {
    mark.label = statusWord(mark.status, story.type);
    const half = mark.label.length * 3.8 + 5;
    mark.at = Math.min(Math.max(mark.x, half), width - half);
    mark.side = ["above", "below"].find((side) => mark.at - half > taken[side]);
    if (mark.side) taken[mark.side] = mark.at + half;
  }
  return marks;
}

function Track({ story, x, width, labels }) {
  const [lo, hi] = x.domain();
  const start = asDate(story.start);
  const end = asDate(story.end ?? story.start);
  const height = labels ? 54 : start && (start > hi || end < lo) ? 46 : 34;
  const y = height / 2;
  const marks = layout(story, x, width);
  const last = story.last ? x(asDate(story.last)) : null;
  const told = labels ? marks : [];
  const when = spanWord(story.start, story.end);
  const beyond = start && (start > hi ? outside(`for ${when} →`, true, told, width) : end < lo && outside(`← ${when}`, false, told, width));
  const inside = start && start <= hi && end >= lo;
  return (
    <svg class="track" width={width} height={height} aria-hidden="true">
      {inside && (
        <rect
          class="when"
          x={Math.max(0, x(start) - 5)}
          width={Math.max(10, Math.min(width, x(end) + 5) - Math.max(0, x(start) - 5))}
          y={3}
          height={height - 6}
          rx="2"
        />
      )}
      <line class="axis" x1="0" x2={width} y1={y} y2={y} />
      {marks.map((mark, i) => {
        const to = i + 1 < marks.length ? marks[i + 1].x : last;
        return to > mark.x && <line key={i} class={`stretch s-${mark.status}`} x1={mark.x} x2={to} y1={y} y2={y} />;
      })}
      {story.told
        .filter(([day]) => day)
        .map(([day], i) => (
          <circle key={i} class="told" cx={x(asDate(day))} cy={y} r="2.5" />
        ))}
      {marks.map((mark, i) => (
        <g key={i}>
          <Shape status={mark.status} x={mark.x} y={y} />
          {labels && mark.side && (
            <text class={`label s-${mark.status}`} x={mark.at} y={mark.side === "above" ? y - 13 : y + 22} text-anchor="middle">
              {mark.label}
            </text>
          )}
        </g>
      ))}
      {beyond && (
        <text class="beyond" x={beyond.x} y={beyond.side === "above" ? y - 9 : y + 21} text-anchor={beyond.anchor}>
          {beyond.text}
        </text>
      )}
    </svg>
  );
}

function Axis({ x, width }) {
  const ticks = x.ticks(Math.max(2, Math.floor(width / 110)));
  const format = x.tickFormat();
  const days = ticks.every((t) => t.getUTCHours() === 0) && x.domain()[1] - x.domain()[0] < 200 * 86_400_000;
  return (
    <svg class="ticks" width={width} height="24" aria-hidden="true">
      {ticks.map((t) => (
        <g key={+t} transform={`translate(${x(t)},0)`}>
          <line y1="18" y2="24" />
          <text y="13" text-anchor={x(t) > width - 18 ? "end" : x(t) < 18 ? "start" : "middle"}>
            {days ? dayWord(t.toISOString().slice(0, 10), false) : format(t)}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** What the line draws, for everyone: the marks of what came before, and the status last told in words. */
function Chain({ story }) {
  const before = story.history.slice(0, -1);
  return (
    <p class="chain">
      {before.map(([day, status], i) => (
        <span key={i} title={`${statusWord(status, story.type)}, told ${dayWord(day)}`}>
          <Mark status={status} />
          <span class="visually-hidden">{`${statusWord(status, story.type)}, told ${dayWord(day)}, then `}</span>
          <span class="arrow" aria-hidden="true">
            →
          </span>
        </span>
      ))}
      <Status status={story.history.at(-1)?.[1] ?? story.status} type={story.type} />
    </p>
  );
}

function Detail({ story }) {
  return (
    <div class="detail">
      <ol class="changes">
        {story.history.map((change, i) => {
          const event = teller(story, change);
          const article = articles.get(change[2]);
          return (
            <li key={i}>
              <p class="change">
                <Status status={change[1]} type={story.type} />
                <span class="quiet">
                  told {dayWord(change[0])}
                  {article?.publisher && (
                    <>
                      {" by "}
                      <Name>{article.publisher}</Name>
                    </>
                  )}
                </span>
              </p>
              {event ? <Sentence event={event} /> : <p class="quiet">The article is not among those in this page.</p>}
              {event && (
                <button type="button" class="plain" onClick={() => go({ article: event.at, event: event.id }, { push: true })}>
                  Read the article
                </button>
              )}
            </li>
          );
        })}
      </ol>
      <p class="row">
        <span class="quiet">
          {count(story.mentions, "mention")} in {count(story.articles, "article")}, {story.langs.map(languageWord).join(", ")}.
          {story.start && ` Event dated ${spanWord(story.start, story.end)}.`}
        </span>
        <button
          type="button"
          class="plain"
          onClick={() => {
            go({ show: "", q: "", party: "", type: "", status: "", lang: "", from: "", to: "", story: story.id }, { push: true });
            reveal("events-title");
          }}
        >
          All its mentions
        </button>
      </p>
    </div>
  );
}

function Row({ story, x, width, labels }) {
  const [open, set] = useState(false);
  const id = `story-${story.id}`;
  return (
    <li class={`story${labels ? " changed" : ""}`}>
      <div class="who">
        <h4>
          <button type="button" class="fold" aria-expanded={open} aria-controls={id} onClick={() => set(!open)}>
            <StoryTitle story={story} />
          </button>
        </h4>
        <p class="quiet">
          <StoryFacts story={story} />
        </p>
      </div>
      <div class="line">{x && <Track story={story} x={x} width={width} labels={labels} />}</div>
      <div class="fate">
        <Chain story={story} />
        <span class="quiet">
          {count(story.articles, "article")} <span class="langs">{story.langs.join(" ")}</span>
        </span>
      </div>
      <div id={id} class="fold-body" hidden={!open}>
        {open && <Detail story={story} />}
      </div>
    </li>
  );
}

export function Timeline() {
  const groups = useMemo(grouped, []);
  const range = useMemo(domain, []);
  const [ref, width] = useWidth(600);
  const [more, setMore] = useState({ changed: STEP, repeated: STEP, once: 0 });
  const x = range && scaleUtc(range, [8, Math.max(width - 8, 40)]);
  return (
    <section class="wide" aria-labelledby="timeline-title" id="timeline">
      <div class="head">
        <h2 id="timeline-title" tabindex={-1}>
          What became of it
        </h2>
        <p class="lead">
          Each line is one meeting, call or repeated statement, over all articles and languages. A mark stands where an
          article gave it a status; the shaded band is the day of the event itself.
        </p>
        <ul class="legend" aria-label="Marks">
          {STATUSES.map((status) => (
            <li key={status}>
              <Mark status={status} /> {statusWord(status)}
            </li>
          ))}
          <li>
            <svg class="mark" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
              <circle class="told" r="2.5" />
            </svg>
            an article
          </li>
        </ul>
      </div>
      <div class="timeline">
        <div class="axis-row" aria-hidden="true">
          <div />
          <div ref={ref} class="line">
            {x && <Axis x={x} width={width} />}
          </div>
          <div />
        </div>
        {GROUPS.map(({ key, title, note }) => {
          const shown = groups[key].slice(0, more[key]);
          const left = groups[key].length - shown.length;
          if (!groups[key].length) return null;
          return (
            <div class="group" key={key}>
              <h3>
                {title} <span class="number">{groups[key].length}</span> <span class="quiet">{note}</span>
              </h3>
              <ol class="stories">
                {shown.map((story) => (
                  <Row key={story.id} story={story} x={x} width={width} labels={key === "changed"} />
                ))}
              </ol>
              {left > 0 && (
                <button type="button" class="more" onClick={() => setMore({ ...more, [key]: more[key] + 24 })}>
                  Show {Math.min(24, left)} {shown.length ? `more of ${left}` : `of ${left}`}
                </button>
              )}
            </div>
          );
        })}
        {!data.stories.length && <p>No stories: nothing was reported as a meeting or call.</p>}
      </div>
    </section>
  );
}

