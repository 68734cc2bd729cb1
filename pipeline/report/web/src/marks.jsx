// The marks of a status (a shape and a colour each, never colour alone) and of names in any script.
import { statusWord } from "./data.js";

const ARABIC = /\p{Script=Arabic}/u;
const HAN = /\p{Script=Han}/u;
export const scriptOf = (text) => (ARABIC.test(text) ? "ar" : HAN.test(text) ? "zh" : undefined);

/** A name in its own script and direction, kept apart from the line around it. */
export const Name = ({ children }) => <bdi lang={scriptOf(children ?? "")}>{children}</bdi>;

/** The shape of a status, centred on 0,0, about 14 px wide. */
export function Shape({ status, x = 0, y = 0, r = 6 }) {
  const d = r * 0.72;
  return (
    <g class={`shape s-${status}`} transform={`translate(${x},${y})`}>
      <circle class="halo" r={r + 2.5} />
      {status === "cancelled" ? (
        <path d={`M${-d},${-d}L${d},${d}M${-d},${d}L${d},${-d}`} />
      ) : (
        <circle class="body" r={r} />
      )}
      {status === "negated" && <path d={`M${-d},${d}L${d},${-d}`} />}
      {status === "possible" && <circle class="dot" r={r * 0.3} />}
    </g>
  );
}

export const Mark = ({ status }) => (
  <svg class="mark" width="16" height="16" viewBox="-9 -9 18 18" aria-hidden="true">
    <Shape status={status} />
  </svg>
);

export const Status = ({ status, type }) => (
  <span class={`status s-${status}`}>
    <Mark status={status} />
    {statusWord(status, type)}
  </span>
);
