// Events and stories with filters, each with the sentence that says so.
import { useEffect, useMemo, useState } from "preact/hooks";
import {
  STATUSES, TYPES, articles, changed, count, data, dayWord, eventsOfStory, fold, isParty, languageOf, languageWord,
  modeWord, nameOf, parties, partyLabels, sentenceOf, spanWord, statusWord, stories, typeWord,
} from "./data.js";
import { Name, Status } from "./marks.jsx";
import { FILTERS, go } from "./router.js";
import { Sentence } from "./text.jsx";
import { StoryFacts, StoryTitle } from "./timeline.jsx";

const STEP = 30;
const languages = [...new Set(data.events.map(languageOf))].sort();
const dayOf = (event) => articles.get(event.at).date ?? "";
const newestFirst = [...data.events].sort((a, b) => dayOf(b).localeCompare(dayOf(a)));
const lastToldFirst = [...data.stories].sort((a, b) => (b.last ?? "").localeCompare(a.last ?? ""));
const days = data.articles.map((a) => a.date).filter(Boolean).sort();

const haystacks = new Map();
function haystack(event) {
  if (!haystacks.has(event.id)) {
    const article = articles.get(event.at);
    const [start, end] = sentenceOf(event);
    const names = event.a.flatMap((a) => [a[3], a[4] && nameOf(a[4])]);
    haystacks.set(event.id, fold([article.text.slice(start, end), event.p, article.title, article.publisher, ...names].filter(Boolean).join("\n")));
  }
  return haystacks.get(event.id);
}

/** Does an event answer to the filters? Dates are those of the event, else of its article. */
function test(f) {
  const words = f.q ? fold(f.q).split(/\s+/).filter(Boolean) : [];
  return (event) => {
    if (f.type && event.t !== f.type) return false;
    if (f.status && event.s !== f.status) return false;
    if (f.story && event.st !== f.story) return false;
    if (f.lang && languageOf(event) !== f.lang) return false;
    if (f.party && !event.a.some((a) => isParty(a) && a[4] === f.party)) return false;
    const start = event.d[0] ?? articles.get(event.at).date;
    const end = event.d[1] ?? start;
    if (f.from && (!end || end < f.from)) return false;
    if (f.to && (!start || start > f.to)) return false;
    return !words.length || words.every((w) => haystack(event).includes(w));
  };
}

function storyTest(f) {
  const one = test({ ...f, status: "", story: "" });
  return (story) =>
    (!f.story || story.id === f.story) &&
    (!f.status || story.status === f.status) &&
    (eventsOfStory.get(story.id) ?? []).some(one);
}

function PartyInput({ value }) {
  const label = value ? (partyLabels.get(value) ?? nameOf(value)) : "";
  const [text, set] = useState(label);
  useEffect(() => set(label), [label]);
  const byLabel = useMemo(() => new Map([...partyLabels].map(([id, l]) => [l, id])), []);
  const choose = (typed, settle) => {
    set(typed);
    const id = byLabel.get(typed) ?? (settle && typed ? parties.find((p) => fold(p.name).includes(fold(typed)))?.id : undefined);
    if (id || !typed) go({ party: id ?? "" });
    else if (settle) set(label);
  };
  return (
    <label class="grow">
      Party
      <input
        type="text"
        list="parties"
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        placeholder="any"
        value={text}
        onInput={(e) => choose(e.currentTarget.value, false)}
        onChange={(e) => choose(e.currentTarget.value, true)}
      />
      <datalist id="parties">
        {parties.slice(0, 2000).map((p) => (
          <option key={p.id} value={partyLabels.get(p.id)} />
        ))}
      </datalist>
    </label>
  );
}

const Choose = ({ label, value, name, options, ...rest }) => (
  <label {...rest}>
    {label}
    <select value={value ?? ""} onChange={(e) => go({ [name]: e.currentTarget.value })}>
      <option value="">any</option>
      {options.map(([v, word]) => (
        <option key={v} value={v}>
          {word}
        </option>
      ))}
    </select>
  </label>
);

function Filters({ route }) {
  const active = FILTERS.some((k) => route[k]);
  const story = route.story && stories.get(route.story);
  return (
    <form role="search" aria-label="Events and stories" class="controls filters" onSubmit={(e) => e.preventDefault()}>
      <PartyInput value={route.party} />
      <Choose label="Type" name="type" value={route.type} options={TYPES.map((t) => [t, typeWord(t).toLowerCase()])} />
      <Choose label="Status" name="status" value={route.status} options={STATUSES.map((s) => [s, statusWord(s)])} />
      <Choose label="Language" name="lang" class="wide-on-phone" value={route.lang} options={languages.map((l) => [l, languageWord(l)])} />
      <label>
        From
        <input type="date" value={route.from ?? ""} min={days[0]} onChange={(e) => go({ from: e.currentTarget.value })} />
      </label>
      <label>
        To
        <input type="date" value={route.to ?? ""} onChange={(e) => go({ to: e.currentTarget.value })} />
      </label>
      <label class="grow">
        Words
        <input type="search" dir="auto" placeholder="in the sentence, title or names" value={route.q ?? ""} onInput={(e) => go({ q: e.currentTarget.value })} />
      </label>
      <fieldset class="switch">
        <legend class="visually-hidden">Show</legend>
        {["", "stories"].map((v) => (
          <label key={v}>
            <input type="radio" name="show" checked={(route.show ?? "") === v} onChange={() => go({ show: v })} />
            <span>{v || "events"}</span>
          </label>
        ))}
      </fieldset>
      <button type="button" class="plain" disabled={!active} onClick={() => go(Object.fromEntries(FILTERS.map((k) => [k, ""])))}>
        Clear filters
      </button>
      {story && (
        <p class="only">
          Only mentions of one story: <StoryTitle story={story} />, <StoryFacts story={story} />
        </p>
      )}
    </form>
  );
}

const LABELS = { participant: "who", speaker: "said by", addressee: "to" };

export function EventParties({ event }) {
  const by = new Map();
  for (const argument of event.a.filter(isParty)) {
    const [role, , , name, id] = argument;
    if (!by.has(role)) by.set(role, new Map());
    by.get(role).set(id ?? name, { id, name: id ? nameOf(id, name) : name });
  }
  if (!by.size) return <p class="parties quiet">no party named</p>;
  return (
    <p class="parties">
      {["participant", "speaker", "addressee"]
        .filter((role) => by.has(role))
        .map((role) => (
          <span key={role} class="of-role">
            <span class="quiet">{LABELS[role]} </span>
            {[...by.get(role).values()].map(({ id, name }, i) => (
              <>
                {i > 0 && ", "}
                {id ? (
                  <button type="button" class="name" onClick={() => go({ party: id })} title="Filter by this party">
                    <Name>{name}</Name>
                  </button>
                ) : (
                  <Name>{name}</Name>
                )}
              </>
            ))}{" "}
          </span>
        ))}
    </p>
  );
}

const SOURCES = { relative: "worked out from the date of publication", publication: "date of publication, none told" };

export function EventFacts({ event }) {
  const mode = modeWord(event.o);
  return (
    <span class="facts">
      <strong>{typeWord(event.t)}</strong>
      {mode && ` (${mode})`}
      {event.p && (
        <>
          {" · "}
          <Name>{event.p}</Name>
        </>
      )}
      {event.d[0] && (
        <span title={SOURCES[event.ds]}>
          {" · "}
          {event.ds === "publication" ? `published ${spanWord(...event.d)}` : spanWord(...event.d)}
        </span>
      )}
      {event.tp && ` · ${event.tp.replaceAll("_", " ")}`}
    </span>
  );
}

function EventItem({ event }) {
  const article = articles.get(event.at);
  return (
    <li class="item">
      <div class="item-head">
        <Status status={event.s} type={event.t} />
        <EventFacts event={event} />
        <EventParties event={event} />
      </div>
      <Sentence event={event} />
      <p class="source">
        <button type="button" class="plain" onClick={() => go({ article: event.at, event: event.id }, { push: true })}>
          <Name>{article.title ?? article.source}</Name>
        </button>
        <span class="quiet">
          {article.publisher && (
            <>
              <Name>{article.publisher}</Name>
              {", "}
            </>
          )}
          {dayWord(article.date)}, {languageWord(languageOf(event))}
        </span>
      </p>
    </li>
  );
}

function StoryItem({ story }) {
  const event = (eventsOfStory.get(story.id) ?? [])[0];
  return (
    <li class="item">
      <div class="item-head">
        <Status status={story.status} type={story.type} />
        <span class="facts">
          <StoryFacts story={story} />
        </span>
        <p class="parties">
          <strong>
            <StoryTitle story={story} />
          </strong>
        </p>
        {changed(story) && (
          <p class="quiet">{story.history.map((h) => `${statusWord(h[1], story.type)} ${dayWord(h[0], false)}`).join(", then ")}</p>
        )}
      </div>
      {event && <Sentence event={event} />}
      <p class="source">
        <button type="button" class="plain" onClick={() => go({ show: "", story: story.id, status: "" }, { push: true })}>
          {count(story.mentions, "mention")}
        </button>
        <span class="quiet">
          in {count(story.articles, "article")}, {story.langs.map(languageWord).join(", ")}, told {spanWord(story.first, story.last)}
        </span>
      </p>
    </li>
  );
}

export function List({ route }) {
  const [limit, setLimit] = useState(STEP);
  const asStories = route.show === "stories";
  const key = JSON.stringify([asStories, ...FILTERS.map((k) => route[k])]);
  const all = asStories ? lastToldFirst : newestFirst;
  const found = useMemo(() => all.filter(asStories ? storyTest(route) : test(route)), [key]);
  useEffect(() => setLimit(STEP), [key]);
  const shown = found.slice(0, limit);
  const left = found.length - shown.length;
  return (
    <section class="wide" aria-labelledby="events-title" id="events">
      <div class="head">
        <h2 id="events-title" tabindex={-1}>
          {asStories ? "Stories" : "Events"}, with their sentences
        </h2>
        <p class="lead">The address of this page keeps the filters: copy it to share what you see.</p>
      </div>
      <Filters route={route} />
      <p class="count" role="status" aria-live="polite">
        {found.length === all.length ? `All ${count(all.length, asStories ? "story" : "event", asStories ? "stories" : "events")}` : `${found.length.toLocaleString("en")} of ${count(all.length, asStories ? "story" : "event", asStories ? "stories" : "events")}`}
        {shown.length < found.length && `, the first ${shown.length} shown`}
      </p>
      <ol class="items">
        {shown.map((item) => (asStories ? <StoryItem key={item.id} story={item} /> : <EventItem key={item.id} event={item} />))}
      </ol>
      {left > 0 && (
        <button type="button" class="more" onClick={() => setLimit(limit + STEP)}>
          Show {Math.min(STEP, left)} more <span class="quiet">({left.toLocaleString("en")} left)</span>
        </button>
      )}
      {!found.length && <p>Nothing answers to these filters.</p>}
    </section>
  );
}

