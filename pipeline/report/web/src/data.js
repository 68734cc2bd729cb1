// The page's data with its indexes. Texts are sliced in UTF-16 units, as the Python side has counted.
export const data = JSON.parse(document.getElementById("data").textContent);
for (const event of data.events) {
  event.at = data.articles[event.at].id;
  event.d ??= [null, null];
  event.a = event.a.map(([role, start, end, id, name]) => [role, start, end, name ?? data.entities[id].name, id]);
}

export const STATUSES = ["actual", "planned", "possible", "cancelled", "negated"];
export const TYPES = ["meeting", "call", "statement"];
export const ROLES = ["participant", "speaker", "addressee", "place", "time"];

const STATUS_WORDS = {
  actual: "happened",
  planned: "planned",
  possible: "possible",
  cancelled: "called off",
  negated: "denied",
};
const TYPE_WORDS = { meeting: ["Meeting", "Meetings"], call: ["Call", "Calls"], statement: ["Statement", "Statements"] };
const LANGUAGE_WORDS = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
const RTL = new Set(["ar", "fa", "he", "ur", "ps", "ckb", "ug", "sd", "yi", "dv"]);

export const statusWord = (status, type) =>
  status === "negated" && type === "statement" ? "declined" : (STATUS_WORDS[status] ?? status);
export const typeWord = (type, many = false) => TYPE_WORDS[type]?.[many ? 1 : 0] ?? type;
export const modeWord = (mode) => (mode ?? "").replaceAll("_", " ");
export const languageWord = (code) => {
  try {
    return code ? LANGUAGE_WORDS.of(code) : "unknown";
  } catch {
    return code;
  }
};
export const directionOf = (language) => (RTL.has((language ?? "").split("-")[0]) ? "rtl" : "ltr");
export const count = (n, one, many = `${one}s`) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const FULL = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
export const asDate = (day) => (day ? new Date(`${day}T00:00:00Z`) : null);
export const dayWord = (day, year = true) => (day ? (year ? FULL : DAY).format(asDate(day)) : "no date");
export function spanWord(start, end) {
  if (!start) return "";
  if (!end || end === start) return dayWord(start);
  return FULL.formatRange(asDate(start), asDate(end));
}

export const articles = new Map(data.articles.map((a) => [a.id, a]));
export const events = new Map(data.events.map((e) => [e.id, e]));
export const stories = new Map(data.stories.map((s) => [s.id, s]));
/** An address that names a story by an older id still finds it. */
const older = new Map(data.stories.flatMap((s) => s.was.map((id) => [id, s.id])));
export const storyId = (id) => older.get(id) ?? id;
export const entities = new Map(Object.entries(data.entities));

function group(items, key) {
  const groups = new Map();
  for (const item of items) {
    const k = key(item);
    if (k == null) continue;
    if (!groups.has(k)) groups.set(k, []);
    groups.get(k).push(item);
  }
  return groups;
}
export const eventsOfArticle = group(data.events, (e) => e.at);
export const eventsOfStory = group(data.events, (e) => e.st);

const PARTY_ROLES = new Set(["participant", "speaker", "addressee"]);
export const isParty = (argument) => PARTY_ROLES.has(argument[0]);
export const sentenceOf = (event) => articles.get(event.at).s[event.n];
export const languageOf = (event) => sentenceOf(event)[2];
export const nameOf = (id, fallback = id) => entities.get(id)?.name ?? fallback;

/** The parties of the events shown, most frequent first. */
export const parties = (() => {
  const counts = new Map();
  for (const event of data.events) {
    for (const id of new Set(event.a.filter((a) => isParty(a) && a[4]).map((a) => a[4]))) {
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
  }
  return [...counts].map(([id, n]) => ({ id, n, name: nameOf(id) })).sort((a, b) => b.n - a.n || (a.name < b.name ? -1 : 1));
})();

/** A name that two entities share needs its id beside it to stand for one of them. */
export const partyLabels = (() => {
  const seen = new Map();
  for (const p of parties) seen.set(p.name, (seen.get(p.name) ?? 0) + 1);
  return new Map(parties.map((p) => [p.id, seen.get(p.name) > 1 ? `${p.name} (${p.id})` : p.name]));
})();

/** Fold a text for search: width, case, Arabic marks and letter forms, Latin accents. */
export const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}|\u0640/gu, "")
    .replace(/[\u0622\u0623\u0625\u0671]/g, "\u0627")
    .replace(/\u0649/g, "\u064a")
    .replace(/\u0629/g, "\u0647")
    .toLowerCase();

/** The kind of a story's life, for the order of the timeline. */
export const changed = (story) => new Set(story.history.map((h) => h[1])).size > 1;

/** The event that told a change of a story's status, where its article is on the page. */
export function teller(story, [, status, article]) {
  const told = (eventsOfStory.get(story.id) ?? []).filter((e) => e.at === article);
  return told.find((e) => e.s === status) ?? told[0];
}
