// "Complete the look": an outfit around a product or something in the closet, slot by slot; asked for when it is seen.

import * as api from "./api.js";
import { card } from "./cards.js";
import { el } from "./dom.js";
import { refreshRails } from "./rails.js";
import { noteAnswer } from "./workshop.js";

const SLOTS = { top: "Top", bottom: "Trousers or skirt", "one-piece": "Dress or jumpsuit", outer: "Jacket or coat", shoes: "Shoes", bag: "Bag", accessory: "Accessory" };

/** A section that stays away where nothing completes it. `asked` gives the body of /v1/outfits. */
export function lookFor(asked) {
  const slots = el("div", { class: "slots" });
  const node = el("section", { class: "look", "aria-label": "Complete the look", hidden: true }, el("div", { class: "rail-head" }, el("h2", {}, "Complete the look"), el("p", { class: "caption" }, "What is worn with it, and why")), slots);
  const mark = el("div", { class: "look-mark" }, node);
  const seen = new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting) return;
    seen.disconnect();
    await fill(node, slots, asked());
  }, { rootMargin: "300px" });
  seen.observe(mark);
  return mark;
}

async function fill(node, slots, body) {
  let answer;
  try {
    answer = await api.outfit({ n: 3, ...body });
  } catch {
    return; // the page stands without it
  }
  const filled = answer.slots.map(({ slot, suggestions }) => [slot, suggestions.filter((one) => one.card)]).filter(([, cards]) => cards.length);
  slots.replaceChildren(
    ...filled.map(([slot, cards]) =>
      el("section", { class: "slot" }, el("h3", { class: "slot-name" }, SLOTS[slot] ?? slot), el("ul", { class: "grid" }, cards.map((one) => card(one.card, { reason: one.reasons[0]?.text ?? "", afterEvent: refreshRails, level: "h4" })))),
    ),
  );
  node.hidden = filled.length === 0;
  if (filled.length) noteAnswer("Complete the look", { took_ms: answer.took_ms, items: filled.flatMap(([, cards]) => cards).map(() => ({ source: "outfits" })) });
}
