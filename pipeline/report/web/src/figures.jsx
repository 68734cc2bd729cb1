// Counts over all tables: events by type and status, by language; inputs that failed.
import { max, sum } from "d3-array";
import { STATUSES, TYPES, count, data, languageWord, typeWord } from "./data.js";
import { Mark } from "./marks.jsx";
import { statusWord } from "./data.js";
import { go, reveal } from "./router.js";

const { figures } = data;

const total = (test) => sum(figures.events_by.filter(test), (row) => row[3]);
const filter = (change) => {
  go({ show: "", q: "", party: "", type: "", status: "", lang: "", from: "", to: "", story: "", ...change }, { push: true });
  reveal("events-title");
};

function Cell({ n, most, status, onClick, label }) {
  if (!n) return <td class="none">0</td>;
  return (
    <td>
      <button type="button" class="cell" onClick={onClick} aria-label={label}>
        <span class="n">{n.toLocaleString("en")}</span>
        <span class={`bar ${status ? `s-${status}` : ""}`} style={{ inlineSize: `${Math.max(3, (100 * n) / most)}%` }} aria-hidden="true" />
      </button>
    </td>
  );
}

function ByStatus() {
  const most = max(TYPES.flatMap((t) => STATUSES.map((s) => total((r) => r[0] === t && r[1] === s)))) || 1;
  return (
    <table class="figures by-status">
      <caption>Events by type and status</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">Type</span>
          </th>
          {STATUSES.map((s) => (
            <th scope="col" key={s}>
              <Mark status={s} /> <span class="word">{statusWord(s)}</span>
            </th>
          ))}
          <th scope="col">all</th>
        </tr>
      </thead>
      <tbody>
        {TYPES.map((t) => (
          <tr key={t}>
            <th scope="row">{typeWord(t, true)}</th>
            {STATUSES.map((s) => {
              const n = total((r) => r[0] === t && r[1] === s);
              return (
                <Cell key={s} n={n} most={most} status={s} onClick={() => filter({ type: t, status: s })}
                  label={`${n}: list ${typeWord(t, true).toLowerCase()}, ${statusWord(s, t)}`} />
              );
            })}
            <td class="sum">{total((r) => r[0] === t).toLocaleString("en")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ByLanguage() {
  const languages = figures.languages;
  const of = (code) => total((r) => r[2] === code);
  const most = max(languages, (l) => of(l[0])) || 1;
  return (
    <table class="figures">
      <caption>Articles and events by language</caption>
      <thead>
        <tr>
          <th scope="col">Language</th>
          <th scope="col">articles</th>
          <th scope="col">events</th>
        </tr>
      </thead>
      <tbody>
        {languages.map(([code, n]) => (
          <tr key={code ?? "none"}>
            <th scope="row">{languageWord(code)}</th>
            <td class="sum">{n.toLocaleString("en")}</td>
            <Cell n={of(code)} most={most} onClick={() => filter({ lang: code })} label={`${of(code)}: list events in ${languageWord(code)}`} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Failures() {
  if (!figures.failures) return <p class="quiet">Every input was read and processed: no failures.</p>;
  return (
    <details class="failures">
      <summary>{count(figures.failures, "input")} could not be read or processed</summary>
      <div class="scroll" tabindex={0} role="region" aria-label="Failures">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">Source</th>
              <th scope="col">Stage</th>
              <th scope="col">What happened</th>
            </tr>
          </thead>
          <tbody>
            {figures.failed.map((f, i) => (
              <tr key={i}>
                <td>
                  <bdi>{f.source}</bdi>
                  {f.source_index != null && `, record ${f.source_index}`}
                </td>
                <td>{f.stage}</td>
                <td>
                  <bdi>{f.error}</bdi>: <bdi>{f.message}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {figures.failures > figures.failed.length && <p class="quiet">The table failures has the others.</p>}
    </details>
  );
}

export function Figures() {
  return (
    <section class="wide" aria-labelledby="figures-title" id="figures">
      <div class="head">
        <h2 id="figures-title" tabindex={-1}>
          In figures
        </h2>
        <p class="lead">
          An event is one mention of a meeting, call or statement. A story gathers the mentions of one and the same
          meeting or call. A number opens its list.
        </p>
      </div>
      <dl class="numbers">
        {[
          [figures.articles, "articles", figures.copies ? `${figures.copies} of them ${figures.copies === 1 ? "a copy" : "copies"}` : "no copies among them"],
          [figures.events, "events", `by ${figures.entities.toLocaleString("en")} known or named parties and places`],
          [figures.stories, "stories", `${figures.crossing} told in more than one language`],
          [figures.changed, "changed course", `${figures.repeated} told by more than one article`],
          [figures.failures, "failures", figures.failures ? "listed below" : "every input was read"],
        ].map(([n, term, note]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <strong>{n.toLocaleString("en")}</strong> <span class="quiet">{note}</span>
            </dd>
          </div>
        ))}
      </dl>
      <div class="tables">
        <ByStatus />
        <ByLanguage />
      </div>
      <Failures />
    </section>
  );
}
