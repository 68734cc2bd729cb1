// Who meets and calls whom: a drawing, and the same pairs as a table.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { useMemo, useState } from "preact/hooks";
import { STATUSES, count, data, entities, nameOf, statusWord } from "./data.js";
import { Mark, Name, scriptOf } from "./marks.jsx";
import { go, reveal } from "./router.js";
import { useWidth } from "./size.js";

const ROWS = 10;

function filtered(type, status) {
  return data.network
    .map((pair) => {
      const by = pair.by.filter(([t, s]) => (!type || t === type) && (!status || s === status));
      const statuses = new Map();
      for (const [, s, n] of by) statuses.set(s, (statuses.get(s) ?? 0) + n);
      return { one: pair.one, other: pair.other, statuses, n: by.reduce((sum, b) => sum + b[2], 0) };
    })
    .filter((pair) => pair.n)
    .sort((a, b) => b.n - a.n);
}

/** What an edge says at a glance: a pair that met at least once is drawn as met. */
const strongest = (pair) => STATUSES.find((s) => pair.statuses.has(s));

const textWidth = (text) => [...text].reduce((w, c) => w + (scriptOf(c) === "zh" ? 12.5 : 6.6), 0);

/** Positions of the parties: a force layout, run to its end; the same pairs give the same drawing. */
function place(pairs, width, height) {
  const ids = [...new Set(pairs.flatMap((p) => [p.one, p.other]))];
  const degree = new Map(ids.map((id) => [id, 0]));
  for (const p of pairs) for (const id of [p.one, p.other]) degree.set(id, degree.get(id) + p.n);
  const nodes = ids.map((id) => {
    const name = nameOf(id);
    const label = name.length > 22 ? `${name.slice(0, 21)}…` : name;
    return { id, name, label, n: degree.get(id), r: 4 + 2.2 * Math.sqrt(degree.get(id)), w: textWidth(label) };
  });
  const links = pairs.map((p) => ({ source: p.one, target: p.other, pair: p }));
  const keep = () => {
    for (const d of nodes) {
      const side = Math.max(d.r, d.w / 2) + 4;
      d.x = Math.min(Math.max(d.x, side), width - side);
      d.y = Math.min(Math.max(d.y, d.r + 6), height - d.r - 20);
    }
  };
  const simulation = forceSimulation(nodes)
    .force("link", forceLink(links).id((d) => d.id).distance(70).strength(0.5))
    .force("charge", forceManyBody().strength(-320).distanceMax(400))
    .force("x", forceX(0).strength(0.07))
    .force("y", forceY(0).strength(0.07))
    .stop();
  // First untangle, then fill the drawing, then make room for the names: names in the way keep knots tied.
  simulation.tick(300);
  for (const [axis, size] of [["x", width], ["y", height]]) {
    const [lo, hi] = [Math.min(...nodes.map((d) => d[axis])), Math.max(...nodes.map((d) => d[axis]))];
    const margin = axis === "x" ? 60 : 34;
    for (const d of nodes) d[axis] = hi > lo ? margin + ((d[axis] - lo) / (hi - lo)) * (size - 2 * margin) : size / 2;
  }
  simulation
    .force("link", null)
    .force("charge", null)
    .force("x", null)
    .force("y", null)
    .force("collide", forceCollide((d) => Math.max(d.r + 12, d.w * 0.4)).strength(0.8).iterations(2))
    .alpha(0.5);
  for (let i = 0; i < 80; i++) {
    simulation.tick();
    keep();
  }
  label(nodes, width, height);
  return { nodes, links };
}

const overlap = (a, b) =>
  Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));

/** Put each name where it covers least of the marks and of the names before it: below, above or at a side. */
function label(nodes, width, height) {
  const taken = nodes.map((d) => [d.x - d.r, d.y - d.r, d.x + d.r, d.y + d.r]);
  for (const d of [...nodes].sort((a, b) => b.n - a.n)) {
    const side = d.r + 5;
    const places = [
      { dx: 0, dy: d.r + 14, anchor: "middle", box: [-d.w / 2, d.r + 3, d.w / 2, d.r + 18] },
      { dx: 0, dy: -d.r - 6, anchor: "middle", box: [-d.w / 2, -d.r - 18, d.w / 2, -d.r - 2] },
      { dx: side, dy: 4, anchor: "start", box: [side, -8, side + d.w, 8] },
      { dx: -side, dy: 4, anchor: "end", box: [-side - d.w, -8, -side, 8] },
    ].map((p) => ({ ...p, box: [d.x + p.box[0], d.y + p.box[1], d.x + p.box[2], d.y + p.box[3]] }));
    const cost = ({ box }) =>
      taken.reduce((sum, other) => sum + overlap(box, other), 0) +
      1000 * (Math.max(0, 2 - box[0]) + Math.max(0, box[2] - width + 2) + Math.max(0, 2 - box[1]) + Math.max(0, box[3] - height + 2));
    const costs = places.map(cost);
    d.at = places[costs.indexOf(Math.min(...costs))];
    taken.push(d.at.box);
  }
}

/** More lines than this cannot be read at the width; the table has them all. */
const drawable = (width) => Math.max(12, Math.round(width / 17));

function Drawing({ pairs: all, chosen, choose }) {
  const [ref, width] = useWidth(640);
  const pairs = useMemo(() => all.slice(0, drawable(width)), [all, width]);
  const crowd = new Set(pairs.flatMap((p) => [p.one, p.other])).size;
  const height = Math.round(Math.min(640, 180 + 18 * crowd, Math.max(440, width * 0.9)));
  const { nodes, links } = useMemo(() => place(pairs, width, height), [pairs, width, height]);
  const near = new Set(pairs.filter((p) => p.one === chosen || p.other === chosen).flatMap((p) => [p.one, p.other]));
  const dim = (on) => (chosen && !on ? " dim" : "");
  return (
    <div ref={ref} class="drawing">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Network of ${nodes.length} parties and ${pairs.length} pairs; the table of pairs says the same in words.`}
        onClick={() => choose("")}
      >
        {links.map(({ source, target, pair }) => (
          <line
            key={`${pair.one}-${pair.other}`}
            class={`edge s-${strongest(pair)}${dim(pair.one === chosen || pair.other === chosen)}`}
            x1={source.x} y1={source.y} x2={target.x} y2={target.y}
            stroke-width={1 + 1.3 * Math.sqrt(pair.n)}
          />
        ))}
        {nodes.map((d) => (
          <g
            key={d.id}
            class={`node${dim(near.has(d.id))}${d.id === chosen ? " chosen" : ""}`}
            transform={`translate(${d.x},${d.y})`}
            onClick={(e) => {
              e.stopPropagation();
              choose(d.id === chosen ? "" : d.id);
            }}
          >
            <title>{`${d.name}: ${d.n}`}</title>
            {["PER", null, undefined].includes(entities.get(d.id)?.label) ? <circle r={d.r} /> : <rect x={-d.r} y={-d.r} width={2 * d.r} height={2 * d.r} rx="2" />}
            <text x={d.at.dx} y={d.at.dy} text-anchor={d.at.anchor} direction="ltr" lang={scriptOf(d.label)}>
              {d.label}
            </text>
          </g>
        ))}
      </svg>
      {pairs.length < all.length && (
        <p class="quiet drawn">
          The {pairs.length} most frequent of {all.length} pairs are drawn; the table has all.
        </p>
      )}
    </div>
  );
}

function Party({ id, choose }) {
  const entity = entities.get(id);
  const others = [entity?.ar, entity?.zh].filter((name) => name && name !== entity.name);
  return (
    <div class="party">
      <p class="party-name">
        <Name>{nameOf(id)}</Name>
      </p>
      <p class="quiet">
        {others.map((name) => (
          <>
            <Name>{name}</Name>{" "}
          </>
        ))}
        {entity?.role && <span>{entity.role.replaceAll("_", " ")}</span>}
      </p>
      <p class="row">
        <button
          type="button"
          class="plain"
          onClick={() => {
            go({ show: "", q: "", party: id, type: "", status: "", lang: "", from: "", to: "", story: "" }, { push: true });
            reveal("events-title");
          }}
        >
          List its events
        </button>
        <button type="button" class="plain" onClick={() => choose("")}>
          Show all pairs
        </button>
      </p>
    </div>
  );
}

function Pairs({ pairs, chosen, choose }) {
  const [all, setAll] = useState(false);
  const mine = chosen ? pairs.filter((p) => p.one === chosen || p.other === chosen) : pairs;
  const shown = all ? mine : mine.slice(0, ROWS);
  const used = STATUSES.filter((s) => pairs.some((p) => p.statuses.has(s)));
  const Cell = ({ id }) => (
    <button type="button" class="name" aria-pressed={id === chosen} onClick={() => choose(id === chosen ? "" : id)}>
      <Name>{nameOf(id)}</Name>
    </button>
  );
  return (
    <>
      <table class="rows pairs">
        <caption class="visually-hidden">Pairs of parties, by number of meetings and calls</caption>
        <thead>
          <tr>
            <th scope="col">Pair</th>
            {used.map((s) => (
              <th scope="col" key={s} title={statusWord(s)}>
                <Mark status={s} />
                <span class="visually-hidden">{statusWord(s)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((p) => (
            <tr key={`${p.one}-${p.other}`}>
              <th scope="row">
                <Cell id={p.one} /> <span class="quiet">and</span> <Cell id={p.other} />
              </th>
              {used.map((s) => (
                <td key={s} class={p.statuses.has(s) ? "" : "none"}>
                  {p.statuses.get(s) ?? "–"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {mine.length > ROWS && (
        <button type="button" class="more" onClick={() => setAll(!all)}>
          {all ? "Show fewer" : `Show all ${mine.length} pairs`}
        </button>
      )}
    </>
  );
}

export function Network() {
  const [type, setType] = useState("");
  const [status, setStatus] = useState("");
  const [chosen, choose] = useState("");
  const pairs = useMemo(() => filtered(type, status), [type, status]);
  const present = chosen && pairs.some((p) => p.one === chosen || p.other === chosen) ? chosen : "";
  return (
    <section class="wide" aria-labelledby="network-title" id="network">
      <div class="head">
        <h2 id="network-title" tabindex={-1}>
          Who meets and calls whom
        </h2>
        <p class="lead">
          Two parties are joined where one sentence has them meet or call each other. A line’s colour is the firmest
          status between the two; its width, the number of stories. Circles are people, squares are countries and bodies.
        </p>
      </div>
      <div class="controls">
        <label>
          Kind
          <select value={type} onChange={(e) => setType(e.currentTarget.value)}>
            <option value="">meetings and calls</option>
            <option value="meeting">meetings</option>
            <option value="call">calls</option>
          </select>
        </label>
        <label>
          Status
          <select value={status} onChange={(e) => setStatus(e.currentTarget.value)}>
            <option value="">any</option>
            {STATUSES.map((s) => (
              <option key={s} value={s}>
                {statusWord(s)}
              </option>
            ))}
          </select>
        </label>
        <p class="quiet" aria-live="polite">
          {count(pairs.length, "pair")}
        </p>
      </div>
      {pairs.length ? (
        <div class="network">
          <Drawing pairs={pairs} chosen={present} choose={choose} />
          <div class="beside">
            {present && <Party id={present} choose={choose} />}
            <Pairs pairs={pairs} chosen={present} choose={choose} />
          </div>
        </div>
      ) : (
        <p>No two known parties meet or call here.</p>
      )}
    </section>
  );
}
