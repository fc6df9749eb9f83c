// Pages that were left stay as they were for the way back: what they showed, how far down, and where the focus stood.

import { randomId } from "./visitor.js";

const MOST = 12;
const RESTING_MS = 150;
const left = new Map(); // entry of the browser's history -> the page as it was left
let entry = null;

/** Returns how far down the page was, where it is loaded anew. */
export function start() {
  history.scrollRestoration = "manual";
  entry = named();
  const before = history.state.scroll ?? 0;
  let resting = 0;
  addEventListener("scroll", () => {
    clearTimeout(resting);
    const mine = entry;
    resting = setTimeout(() => mine === entry && remember({ scroll: scrollY }), RESTING_MS);
  }, { passive: true });
  return before;
}

/** Keep the page that is being left. */
export function leave({ stage, rails, title }) {
  const focused = stage?.contains(document.activeElement) ? document.activeElement : null;
  left.delete(entry);
  left.set(entry, { stage, rails, title, focused, scroll: scrollY });
  if (left.size > MOST) left.delete(left.keys().next().value);
}

/** The page kept for where we are now; undefined for one that is new, or was left too long ago. */
export function arrive() {
  entry = named();
  return left.get(entry);
}

/** Another visitor sees pages of their own. */
export const forget = () => left.clear();

/** How many pages of a grid this entry shows. */
export const pages = () => history.state?.pages ?? 1;
export const rememberPages = (number) => remember({ pages: number });

function named() {
  if (!history.state?.entry) remember({ entry: randomId() });
  return history.state.entry;
}

function remember(more) {
  history.replaceState({ ...history.state, ...more }, "");
}
