// What is shown stands in the address after #, so that a view can be linked.
import { useEffect, useState } from "preact/hooks";
import { storyId } from "./data.js";

export const FILTERS = ["q", "party", "type", "status", "lang", "from", "to", "story"];
const KEYS = ["show", ...FILTERS, "article", "event"];

export function read(hash = location.hash) {
  const text = hash.replace(/^#/, "");
  if (!text.includes("=")) return {};
  const found = new URLSearchParams(text);
  const state = Object.fromEntries(KEYS.filter((k) => found.get(k)).map((k) => [k, found.get(k)]));
  return state.story ? { ...state, story: storyId(state.story) } : state;
}

function write(state) {
  const wanted = new URLSearchParams();
  for (const key of KEYS) if (state[key]) wanted.set(key, state[key]);
  return `#${wanted}`;
}

/** Change the state; `push` makes a step that the Back button undoes. */
export function go(change, { push = false } = {}) {
  const next = write({ ...read(), ...change });
  if (next === (location.hash || "#")) return;
  history[push ? "pushState" : "replaceState"](null, "", next);
  window.dispatchEvent(new Event("communique:state"));
}

export const link = (state) => write(state);

export function useRoute() {
  const [state, set] = useState(read);
  useEffect(() => {
    const update = () => set(read());
    const names = ["hashchange", "popstate", "communique:state"];
    for (const name of names) window.addEventListener(name, update);
    return () => names.forEach((name) => window.removeEventListener(name, update));
  }, []);
  return state;
}

/** Bring a section into view and give its heading the focus. */
export function reveal(id) {
  const heading = document.getElementById(id);
  if (!heading) return;
  heading.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  heading.closest("section, main")?.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}
