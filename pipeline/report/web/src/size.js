import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** The width of an element in CSS pixels, kept up to date; `fallback` before it is known. */
export function useWidth(fallback) {
  const ref = useRef(null);
  const [width, set] = useState(fallback);
  useLayoutEffect(() => {
    set(Math.round(ref.current.clientWidth) || fallback);
    const observer = new ResizeObserver(([entry]) => set(Math.round(entry.contentRect.width)));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return [ref, width];
}
