// Elements made from text, never from markup: whatever a title or an id holds stays text.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. `on…` properties listen, `class`, `aria-…` and `data-…` are attributes, children are nodes or text. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A line icon from path data that stands in this code, not in any answer. */
export function icon(...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export const HEART = "M12 20s-7.500-4.600-7.500-10.200A4.200 4.200 0 0 1 12 7.300a4.200 4.200 0 0 1 7.500 2.500C19.500 15.400 12 20 12 20z";
export const CLOSE = ["M6 6l12 12", "M18 6 6 18"];

/** Price in words of the reader's own language; empty where the product has none. */
export function money(minor, currency) {
  if (minor === null || minor === undefined) return "";
  try {
    const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
    return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
  } catch {
    return `${(minor / 100).toFixed(2)} ${currency ?? ""}`.trim();
  }
}

/** "1 event", "3 events". */
export const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

/** "just now", "4 min ago", "2 days ago". */
export function ago(time_ms) {
  const minutes = Math.floor((Date.now() - time_ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ago`;
  return `${count(Math.floor(minutes / 1440), "day")} ago`;
}

/** Say something for a few seconds, to eyes and to screen readers. */
export function say(text) {
  const note = el("p", { class: "toast" }, text);
  document.getElementById("toasts").replaceChildren(note);
  setTimeout(() => note.remove(), 4000);
}

/** A sentence where a list would be. */
export const empty = (text, ...more) => el("div", { class: "empty" }, el("p", {}, text), ...more);
