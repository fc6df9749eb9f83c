// Rails: rows of recommendations that are asked for again after every event, and show what moved.

import { recommend } from "./api.js";
import { card, ghosts } from "./cards.js";
import { el, empty, icon } from "./dom.js";
import { noteAnswer } from "./workshop.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");
const lastSeen = new Map(); // rail name -> product ids last shown, so that coming back home shows the change too
const AT_ONCE = 4; // cards of a row that are seen without scrolling
let mounted = [];

const FALLBACK_WORDS = {
  popular: "What most people like, until you click something",
  untrained: "Nothing is trained yet, so these are simply what people look at",
  content: "Chosen by what it is, because nobody has tried it yet",
  "padded:popular": "Filled up with what most people like",
  "padded:seen": "Filled up with what you have seen already",
  no_consent: "The same for everyone, since you did not agree to personal rows",
};

/**
 * Why products are here: a sentence under each card; one that all of them share is said once, over the row, and one that
 * some share at the first of these.
 */
function sentences(items, groups) {
  const shared = new Map(groups.filter((group) => group.product_ids.length > 1).map((group) => [group.reason_group, group.text]));
  const said = new Set();
  const under = items.map(({ reason_group: group, reasons }, place) => {
    if (!shared.has(group)) return reasons?.[0]?.text ?? "";
    if (said.has(group)) return items[place - 1].reason_group === group ? "For the same reason" : ""; // same as the card beside it
    said.add(group);
    return shared.get(group);
  });
  const alike = items.length > 1 && shared.has(items[0].reason_group) && items.every((item) => item.reason_group === items[0].reason_group);
  return alike ? { over: under[0], under: items.map(() => "") } : { over: "", under };
}

const personal = (request) => recommend({ explain: true, ...request });

export class Rail {
  /**
   * `request` gives a body for `ask`, or null when there is nothing to ask yet. A quiet rail hides while it is empty.
   * `about` tells rails of one name apart, so that only what is new in this very rail glows. `below`: it stands under what
   * the page is about, so its pictures wait until somebody comes near.
   */
  constructor(name, title, request, { ask = personal, about = "", quiet = false, below = false } = {}) {
    Object.assign(this, { name, request, ask, about, quiet, below, turn: 0 });
    this.heading = el("h2", {}, title);
    this.caption = el("p", { class: "caption" });
    this.list = el("ul", { class: "rail-list", tabindex: "0", "aria-label": title });
    this.list.append(...ghosts(6));
    this.node = el("section", { class: "rail", "data-rail": name, "aria-busy": "true" }, el("div", { class: "rail-head" }, this.heading, this.caption, this.arrow(-1), this.arrow(1)), this.list);
  }

  /** A button for those who scroll with a mouse; everyone else swipes, or moves the list with the arrow keys. */
  arrow(way) {
    const scroll = () => this.list.scrollBy({ left: way * this.list.clientWidth * 0.85, behavior: still.matches ? "auto" : "smooth" });
    return el("button", { type: "button", class: "round arrow", tabindex: "-1", "aria-hidden": "true", onclick: scroll }, icon(way < 0 ? "M14.500 6l-6 6 6 6" : "M9.500 6l6 6-6 6"));
  }

  setTitle(title) {
    this.heading.textContent = title;
    this.list.setAttribute("aria-label", title);
  }

  /** Ask again. `settled` is a promise of the newest answer, or of null. */
  refresh() {
    this.settled = this.load();
    return this.settled;
  }

  async load() {
    const turn = ++this.turn;
    try {
      const body = await this.request();
      this.node.hidden = body === null;
      if (body === null) return null;
      const answer = await this.ask({ n: 12, ...body });
      if (turn !== this.turn) return answer; // a newer question is on its way
      noteAnswer(this.heading.textContent, answer);
      this.show(answer);
      return answer;
    } catch (error) {
      if (turn === this.turn) this.fail(error);
      return null;
    }
  }

  show(answer) {
    this.caption.textContent = FALLBACK_WORDS[answer.fallback] ?? "";
    this.node.setAttribute("aria-busy", "false");
    const items = answer.items.filter((item) => item.card);
    this.node.hidden = this.quiet && items.length === 0;
    const before = new Map([...this.list.children].map((node) => [node.dataset.id, node.getBoundingClientRect()]));
    const subject = `${this.name} ${this.about}`;
    const seen = lastSeen.get(subject);
    const { over, under } = sentences(items, answer.reason_groups ?? []);
    if (over) this.caption.textContent = over;
    this.caption.classList.toggle("reason", Boolean(over));
    const nodes = items.map((item, place) =>
      card(item.card, { reason: under[place], recommendationId: answer.recommendation_id, afterEvent: refreshRails, first: !this.below && place < AT_ONCE }),
    );
    const focused = this.list.contains(document.activeElement) && document.activeElement;
    this.list.replaceChildren(...nodes);
    if (focused) this.focusAgain(focused);
    if (nodes.length === 0) this.list.append(el("li", {}, empty("Nothing fits here yet.")));
    lastSeen.set(subject, new Set(items.map((item) => item.card.id)));
    if (!still.matches) this.animate(nodes, before, seen);
  }

  /** Whoever stood on a card stands on it again, or on the row where it has gone. */
  focusAgain(was) {
    const id = was.closest("li")?.dataset.id;
    const node = [...this.list.children].find((child) => id !== undefined && child.dataset.id === id);
    const there = was.classList.contains("heart") ? node?.querySelector(".heart") : node?.querySelector("a");
    (there ?? this.list).focus({ preventScroll: true });
  }

  /** Cards that stay slide to their new place; cards that are new here rise and glow for a moment. */
  animate(nodes, before, seen) {
    const ease = "cubic-bezier(.2,.7,.2,1)";
    nodes.forEach((node, place) => {
      const old = before.get(node.dataset.id);
      if (old) {
        const now = node.getBoundingClientRect();
        const [x, y] = [old.left - now.left, old.top - now.top];
        if (x || y) node.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: 480, easing: ease });
        return;
      }
      node.animate([{ opacity: 0, transform: "translateY(10px)" }, { opacity: 1, transform: "none" }], { duration: 420, delay: 35 * place, fill: "backwards", easing: ease });
      if (seen && !seen.has(node.dataset.id)) node.classList.add("arrived");
    });
  }

  fail(error) {
    this.node.setAttribute("aria-busy", "false");
    this.node.hidden = false;
    const again = el("button", { type: "button", class: "button quiet", onclick: () => this.refresh() }, "Try again");
    this.list.replaceChildren(el("li", {}, empty(error.message, again)));
  }
}

/** Show these rails from now on, as long as `place` is on the page; an open cart's rail joins with `add`. */
export async function mount(rails, place = rails[0]?.node) {
  if (place && !place.isConnected) return; // the visitor has left this page already
  mounted = rails;
  await Promise.all(rails.map((rail) => rail.refresh()));
}

/** The rails of a page that comes back, for `mountAgain`. */
export const mountedRails = () => mounted.filter((rail) => rail.name !== "cart");

export function mountAgain(rails) {
  mounted = rails;
}

export function add(rail) {
  mounted = [...mounted.filter((other) => other.name !== rail.name), rail];
  return rail.refresh();
}

export function remove(rail) {
  mounted = mounted.filter((other) => other !== rail);
}

/** Ask for every rail again. The workshop panel listens too. */
export async function refreshRails() {
  document.dispatchEvent(new Event("shop:event"));
  await Promise.all(mounted.map((rail) => rail.refresh()));
}

/** A new visitor has seen nothing. */
export function forgetSeen() {
  lastSeen.clear();
}
