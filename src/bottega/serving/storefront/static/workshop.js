// A side panel for the curious: what the server holds about this visitor, and where each answer came from.

import { shopper } from "./api.js";
import { CLOSE, ago, count, el, icon } from "./dom.js";
import { current } from "./visitor.js";

const DEED = {
  view: "looked at",
  click: "clicked",
  try_on: "tried on",
  wishlist: "wished for",
  add_to_cart: "put in the cart",
  remove_from_cart: "took out of the cart",
  purchase: "bought",
  search: "searched for",
  rate: "rated",
  impression: "was shown",
};

/** Whose idea a product was, in words; a name that is not here is shown as it is. */
const IDEAS = {
  popular: "what most people like",
  content: "what is like it",
  item_neighbours: "what the same people choose",
  shopper_neighbours: "shoppers like you",
  vsknn: "visits like this one",
  stan: "visits like this one",
  als: "shared tastes",
  transitions: "what is opened next",
  linear_autoencoder: "what is chosen together",
  affinity: "your tastes",
  adversarial: "shared tastes",
  recurrent: "the order of your clicks",
  next_item: "the order of your clicks",
  variational: "your taste as a whole",
  semantic_ids: "what comes next, by its kind",
  new: "new in the shop",
  pin: "the shop's own choice",
  complement: "goes with what you bought",
  due: "runs out about now",
  declared: "what you said you like",
  photo: "how it looks",
  words: "its words",
  outfits: "what is worn together",
};
const idea = (source) => source.split(" + ").map((name) => IDEAS[name] ?? name.replaceAll("_", " ")).join(" and ");

const panel = document.getElementById("workshop");
const pill = document.getElementById("pill");
const wide = matchMedia("(min-width: 1280px)");
const answers = new Map(); // rail title -> its newest answer
const parts = {
  who: el("p", { class: "mono" }),
  taste: el("ul", { class: "taste" }),
  events: el("ol", { class: "deeds" }),
  answers: el("div", { class: "answers" }),
};

export function start() {
  const close = el("button", { type: "button", class: "round", "aria-label": "Close this panel", onclick: () => open(false) }, icon(...CLOSE));
  panel.append(
    el("div", { class: "workshop-head" }, el("h2", { id: "workshop-title" }, "What the shop knows of you"), close),
    parts.who,
    parts.taste,
    el("h3", {}, "What you did last"),
    parts.events,
    el("h3", {}, "Behind the rows"),
    parts.answers,
    el("p", { class: "small" }, "For developers: ", el("a", { href: `${document.body.dataset.root}/docs` }, "the manual of the API"), "."),
  );
  pill.addEventListener("click", () => open(true));
  document.addEventListener("shop:event", refresh);
  clearAnswers();
  open(wide.matches, { quiet: true });
}

function open(yes, { quiet = false } = {}) {
  panel.hidden = !yes;
  panel.classList.toggle("open", yes);
  pill.hidden = yes;
  pill.setAttribute("aria-expanded", String(yes));
  document.body.classList.toggle("workshop-open", yes);
  if (!quiet) (yes ? panel.querySelector("button") : pill).focus();
}

/** Forget the answers of the page before, or of the visitor before. */
export function clearAnswers() {
  answers.clear();
  drawAnswers();
}

/** Keep the newest answer of each rail. */
export function noteAnswer(title, answer) {
  answers.delete(title);
  answers.set(title, answer);
  drawAnswers();
}

function drawAnswers() {
  const newest = [...answers].reverse();
  parts.answers.replaceChildren(
    ...newest.map(([title, answer]) => {
      const sources = new Map();
      for (const item of answer.items) sources.set(item.source, (sources.get(item.source) ?? 0) + 1);
      return el(
        "dl",
        { class: "answer" },
        el("dt", { class: "answer-title" }, title),
        el("dd", { class: "took" }, `${answer.took_ms.toFixed(1)} ms`),
        row("because of", [...sources].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${idea(name)} (${n})`).join(", ") || "nothing"),
        answer.model?.trained_at ? row("learnt", ago(Date.parse(answer.model.trained_at))) : [],
      );
    }),
  );
  if (newest.length === 0) parts.answers.append(el("p", { class: "small" }, "No row on this page yet."));
  const last = newest[0]?.[1];
  pill.textContent = last ? `Behind the scenes · ${last.took_ms.toFixed(0)} ms` : "Behind the scenes";
}

const row = (name, value) => [el("dt", {}, name), el("dd", {}, value)];

/** Ask the server what it holds about this visitor. */
export async function refresh() {
  const { id, known, name } = current();
  parts.who.textContent = id;
  try {
    const mind = await shopper();
    if (current().id !== id) return;
    const who = known && name ? `${name}, ${id}` : id;
    parts.who.textContent = `${who}\n${count(mind.events_known, "event")} known${known ? "" : ", not logged in"}`;
    parts.taste.replaceChildren(...mind.taste.map((word) => el("li", {}, word)));
    parts.events.replaceChildren(
      ...mind.events.map((event) => {
        const what = event.query ? `“${event.query}”` : (event.title ?? event.product_id);
        return el("li", { title: what }, el("span", {}, `${DEED[event.kind] ?? event.kind} `, el("b", {}, what)), el("time", {}, ago(event.time_ms)));
      }),
    );
    if (mind.events.length === 0) parts.events.append(el("li", { class: "small" }, "Nothing yet: click a product."));
  } catch (error) {
    parts.events.replaceChildren(el("li", { class: "small" }, error.message));
  }
}
