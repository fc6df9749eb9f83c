// What a search's result may be narrowed by: values with their counts, chosen ones to be taken back. The choice lives in
// the address, so that it can be shared and gone back from: category=, brand=, availability=, price=1000-1999, is=color=red.

import { count, el, money } from "./dom.js";

const OWN = ["category", "brand", "availability"];
const NAMES = { category: "Category", brand: "Brand", availability: "Availability", price: "Price" };
const SHOWN = 8;

/** The filter of /v1/search that an address' query part says; nothing where it says none. */
export function chosen(query) {
  const filter = Object.fromEntries(OWN.map((name) => [name, query.getAll(name)]).filter(([, values]) => values.length));
  const range = /^(\d*)-(\d*)$/.exec(query.get("price") ?? "");
  if (range) filter.price_minor = { min: range[1] ? Number(range[1]) : null, max: range[2] ? Number(range[2]) : null };
  for (const condition of query.getAll("is")) {
    const at = condition.indexOf("=");
    ((filter.attributes ??= {})[condition.slice(0, at)] ??= []).push(condition.slice(at + 1));
  }
  return Object.keys(filter).length ? { filter } : {};
}

/** Draw the fields beside the results, and above them the values taken. `change` gets another query part. */
export function narrowing({ side, taken, answer, asked, change }) {
  const open = new Set([...side.querySelectorAll("details[open]")].map((node) => node.dataset.name));
  const focused = document.activeElement?.closest?.(".narrow") ? document.activeElement.id : null;
  const currency = answer.items[0]?.card.currency ?? "";
  const fields = answer.facets.map((facet) => fieldset(facet, { asked, change, currency, open: open.has(facet.name) }));
  const wide = matchMedia("(min-width: 761px)").matches;
  const all = el("details", { class: "narrow-all", "data-name": "*", open: wide || open.has("*") }, el("summary", {}, "Narrow"), fields);
  side.replaceChildren(...(fields.length ? [all] : []));
  side.hidden = !fields.length;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const ones = answer.facets.flatMap((facet) => facet.values.filter((value) => value.chosen).map((value) => [facet, value]));
  taken.replaceChildren(
    ...ones.map(([facet, value]) => {
      const label = labelled(facet, value, currency);
      return el("button", { type: "button", class: "chip", "aria-label": `Take back: ${named(facet)} ${label}`, onclick: () => change(toggled(asked, facet, value)) }, `${label} ×`);
    }),
  );
}

function fieldset(facet, { asked, change, currency, open }) {
  const rows = facet.values.map((value, place) => {
    const id = `narrow-${facet.attribute ? "is-" : ""}${facet.name}-${place}`;
    const box = el("input", { type: "checkbox", id, checked: value.chosen });
    box.addEventListener("change", () => change(toggled(asked, facet, value)));
    const label = labelled(facet, value, currency);
    return el("li", {}, box, el("label", { for: id }, el("span", {}, label), el("span", { class: "chip-count" }, String(value.count), el("span", { class: "unseen" }, value.count === 1 ? " product" : " products"))));
  });
  const rest = rows.slice(SHOWN);
  const more = rest.length ? el("details", { "data-name": facet.name, open: open || facet.values.slice(SHOWN).some((value) => value.chosen) }, el("summary", {}, `${count(rest.length, "more value")}`), el("ul", {}, rest)) : null;
  const between = facet.name === "price" && !facet.attribute ? prices(facet, { asked, change, currency }) : null;
  return el("fieldset", { "data-name": facet.name }, el("legend", {}, named(facet)), el("ul", {}, rows.slice(0, SHOWN)), more, between);
}

/** Any two prices, in whole units. */
function prices(facet, { asked, change, currency }) {
  const digits = currency ? new Intl.NumberFormat(undefined, { style: "currency", currency }).resolvedOptions().maximumFractionDigits : 2;
  const [low, high] = (asked.get("price") ?? "-").split("-").map((end) => (end ? String(Number(end) / 10 ** digits) : ""));
  const field = (label, value) => el("input", { type: "number", min: "0", step: "any", inputmode: "decimal", "aria-label": label, placeholder: label === "Least price" ? "from" : "to", value });
  const [from, to] = [field("Least price", low), field("Highest price", high)];
  const form = el("form", { class: "between" }, from, to, el("button", { type: "submit", class: "button quiet" }, "Go"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const minor = (input) => (input.value === "" ? "" : String(Math.round(Number(input.value) * 10 ** digits)));
    const ends = [minor(from), minor(to)];
    if (ends.every(Boolean) && Number(ends[0]) > Number(ends[1])) ends.reverse(); // whichever field it stood in
    const range = ends.join("-");
    change(changed(asked, "price", range === "-" ? [] : [range]));
  });
  return form;
}

/** The query part with a value chosen, or taken back where it was. */
function toggled(asked, facet, value) {
  if (facet.name === "price" && !facet.attribute) return changed(asked, "price", value.chosen ? [] : [value.value]);
  const name = facet.attribute ? "is" : facet.name;
  const said = facet.attribute ? `${facet.name}=${value.value}` : value.value;
  const others = asked.getAll(name).filter((one) => one.toLowerCase() !== said.toLowerCase());
  return changed(asked, name, value.chosen ? others : [...others, said]);
}

/** An address' query part with other values under a name. */
export function changed(asked, name, values) {
  const next = new URLSearchParams(asked);
  next.delete(name);
  for (const value of values) next.append(name, value);
  return next;
}

const named = (facet) => {
  const words = facet.name.replaceAll("_", " ");
  return (!facet.attribute && NAMES[facet.name]) || words.charAt(0).toUpperCase() + words.slice(1);
};

function labelled(facet, value, currency) {
  if (!value.price_minor) return value.label.replaceAll("_", " ");
  const { min, max } = value.price_minor;
  if (max === null) return `${money(min, currency)} and more`;
  // Ranges of whole minor units end one below the next one's start.
  const top = money(max % 10 === 9 ? max + 1 : max, currency);
  return min ? `${money(min, currency)} to ${top}` : `up to ${top}`;
}
