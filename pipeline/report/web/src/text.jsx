// Texts with highlighted names, triggers and roles. Spans may overlap and may begin inside a word (Arabic
// clitics), so marks are inline elements without padding or weight: both would break the joining of letters.
import { Fragment } from "preact";
import { articles, directionOf, sentenceOf } from "./data.js";

/** Cut [lo, hi) at every edge of a span; each piece carries the spans that cover it. */
export function pieces(lo, hi, spans) {
  const inside = spans.filter((s) => s.start < hi && s.end > lo && s.start < s.end);
  const edges = new Set([lo, hi]);
  for (const s of inside) {
    if (s.start > lo) edges.add(s.start);
    if (s.end < hi) edges.add(s.end);
  }
  const cuts = [...edges].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, i) => ({
    start,
    end: cuts[i + 1],
    spans: inside.filter((s) => s.start <= start && s.end >= cuts[i + 1]),
  }));
}

export const triggerSpan = (event) => ({ start: event.x[0], end: event.x[1], kind: "trigger", event });
export const roleSpans = (event) =>
  event.a.filter((a) => a[1] != null).map((a) => ({ start: a[1], end: a[2], kind: "role", role: a[0], name: a[3], event }));

/** The sentence of an event with its trigger and parties marked. */
export function Sentence({ event }) {
  const article = articles.get(event.at);
  const [start, end, language] = sentenceOf(event);
  const spans = [triggerSpan(event), ...roleSpans(event)];
  return (
    <blockquote class="sentence" lang={language} dir={directionOf(language)}>
      {pieces(start, end, spans).map((piece) => {
        const text = article.text.slice(piece.start, piece.end);
        const trigger = piece.spans.find((s) => s.kind === "trigger");
        const role = piece.spans.find((s) => s.kind === "role");
        const marked = role ? (
          <span class={`role r-${role.role}`} title={role.role}>
            {text}
          </span>
        ) : (
          text
        );
        return trigger ? (
          <mark key={piece.start} class={`trigger s-${event.s}`}>
            {marked}
          </mark>
        ) : (
          <Fragment key={piece.start}>{marked}</Fragment>
        );
      })}
    </blockquote>
  );
}
