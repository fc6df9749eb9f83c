// The page of a search by words: what was found, what is close, what it may be narrowed by, a page of cards at a time.

import * as api from "./api.js";
import { card, ghosts } from "./cards.js";
import { el, empty, say } from "./dom.js";
import { categoryLink } from "./home.js";
import { changed, chosen, narrowing } from "./narrow.js";
import { Rail, mount, refreshRails } from "./rails.js";
import { noteAnswer } from "./workshop.js";

const FOUND = 36;
const SORTS = { relevance: "Best match", price_up: "Price, lowest first", price_down: "Price, highest first", newest: "Newest" };

let recorded = ""; // the words told to the workshop last, so that narrowing is no search of its own

export const found = (item, reason) => card(item.card, { reason, afterEvent: refreshRails });

export const note = (title, items, { took_ms }) => noteAnswer(title, { took_ms, items: items.map((item) => ({ source: item.found_by.join(" + ") })) });

/** Words in quotes, with commas. */
const quoted = (list) => list.map((word) => `“${word}”`).join(", ");

/** The page of the words and conditions in an address' query part. */
export async function words(page, query) {
  const q = query.get("q") ?? "";
  const title = q ? `Results for “${q}”` : query.getAll("brand").join(", ") || "What you chose";
  const notes = el("p", { class: "caption", role: "status" }, "Searching …");
  const side = el("aside", { class: "narrow", "aria-label": "Narrow the results" });
  const taken = el("div", { class: "taken" });
  const results = el("div", { class: "results" }, el("ul", { class: "grid" }, ghosts(12)));
  const forYou = new Rail("for-you", "For you", () => ({ placement: "home" }), { below: true });
  const sort = el("select", { id: "sort" }, Object.entries(SORTS).map(([value, label]) => el("option", { value }, label)));
  const mine = el("input", { type: "checkbox", id: "mine" });
  const order = el("div", { class: "order" }, el("label", { class: "mine", for: "mine" }, mine, "For me first"), el("label", { class: "sort", for: "sort" }, "Sort", sort));
  const head = el("div", { class: "found-head" }, taken, order);
  const body = el("div", { class: "found" }, side, el("div", { class: "found-main" }, head, results));
  page.replaceChildren(el("div", { class: "intro" }, el("h1", {}, title), notes), body, forYou.node);

  let asked = query;
  const change = async (wanted) => {
    asked = wanted;
    history.pushState(null, "", `#/search?${wanted}`);
    await draw(false);
  };
  sort.addEventListener("change", () => change(changed(asked, "sort", sort.value === "relevance" ? [] : [sort.value])));

  mine.addEventListener("change", () => change(changed(asked, "mine", mine.checked ? ["1"] : [])));

  async function draw(first) {
    const meant = asked;
    sort.value = asked.get("sort") ?? "relevance";
    mine.checked = asked.has("mine");
    const exact = asked.has("exact") ? { exact: true } : {};
    const personal = mine.checked ? { personal: true } : {};
    const request = { text: q, n: FOUND, sort: sort.value, facets: true, ...exact, ...personal, ...chosen(asked) };
    let answer;
    try {
      answer = await api.search(request);
    } catch (error) {
      if (first) throw error;
      return say(error.message);
    }
    if (meant !== asked || !results.isConnected) return;
    notes.replaceChildren(...remarks(answer, `#/search?${changed(asked, "exact", ["1"])}`));
    narrowing({ side, taken, answer, asked, change });
    head.hidden = !answer.items.length && !taken.childElementCount;
    list(results, request, answer, () => change(bare(asked)));
    note(title, answer.items, answer);
  }
  await draw(true);
  await record(q);
  await mount([forYou]);
}

/** The words alone, without conditions. */
const bare = (query) => new URLSearchParams([...query].filter(([name]) => ["q", "sort", "exact", "mine"].includes(name)));

/** What was found, then what is close, then a button for the next page; pages follow until the end. */
function list(results, request, first, clear) {
  const whole = el("ul", { class: "grid", "aria-label": "What was found" });
  const close = el("ul", { class: "grid", "aria-label": "What is close" });
  const apart = el("h2", { class: "close-head", hidden: true }, first.total ? "Also close" : "Nothing is just that; this is close");
  const more = el("button", { type: "button", class: "button quiet more", hidden: true }, "Show more");
  let next = null;
  const add = (answer) => {
    const nodes = answer.items.map((item) => found(item, item.found_by.includes("words") ? "" : "Its photo fits these words"));
    whole.append(...nodes.slice(0, answer.close_from));
    close.append(...nodes.slice(answer.close_from));
    whole.hidden = !whole.childElementCount;
    apart.hidden = !close.childElementCount;
    next = answer.next;
    more.hidden = next === null;
    return nodes;
  };
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      const nodes = add(await api.search({ ...request, facets: false, after: next }));
      nodes[0]?.querySelector("a")?.focus({ preventScroll: true });
    } catch (error) {
      say(error.message);
    } finally {
      more.disabled = false;
    }
  });
  add(first);
  const help = first.help ? helped(first.help, request) : null;
  const head = el("h2", { class: "unseen" }, "Products");
  if (first.items.length) return results.replaceChildren(...[help, head, whole, apart, close, more].filter(Boolean));
  const all = el("a", { class: "button quiet", href: "#/" }, "See everything");
  const back = request.filter ? el("button", { type: "button", class: "button quiet", onclick: clear }, "Take the conditions back") : null;
  const nothing = empty(request.filter ? "No product meets these conditions." : "No product matches that. Try fewer or other words.", back ?? all);
  results.replaceChildren(...[nothing, help].filter(Boolean));
}

/** What may help where nothing is all that was asked for: other words, fewer words, the nearest kinds, what is popular. */
function helped({ spelt, left_away, kinds, popular }, { text }) {
  const to = (words, ...inside) => el("a", { href: `#/search?${new URLSearchParams({ q: words })}` }, ...inside);
  const products = (total) => `${total} ${total === 1 ? "product" : "products"}`;
  const lines = [
    ...spelt.map((one) => el("li", {}, "Did you mean ", to(one.text, `“${one.text}”`), `? ${products(one.total)}`)),
    ...left_away.map((one) => el("li", {}, "Without ", one.changed === "the price" ? "the price" : `“${one.changed}”`, ": ", to(one.text, products(one.total)))),
    kinds.length ? el("li", {}, "Nearest kinds here: ", kinds.map((kind, place) => [place ? ", " : "", el("a", { href: categoryLink(kind.value.split(" > ")) }, kind.label), ` (${kind.count})`]).flat()) : null,
  ];
  const liked = popular.length ? [el("h2", {}, kinds.length ? `Popular in ${kinds[0].label}` : "Popular here"), el("ul", { class: "grid" }, popular.map((item) => found(item, "")))] : [];
  return el("section", { class: "helped", "aria-label": `Nothing here is all of ${text}` }, el("ul", {}, lines), liked);
}

/**
 * What a visitor should know of an answer, in sentences. `exact`: address of the same search without guesses, where words
 * alone were asked for; photos that wait are no matter to those.
 */
export function remarks(answer, exact = null) {
  const read = Object.entries(answer.read_as ?? {}).map(([word, near]) => `“${word}” was read as ${quoted(near.slice(0, 1))}.`);
  const unknown = answer.unknown_words.length ? [`${quoted(answer.unknown_words)} means nothing in this shop.`] : [];
  const many = answer.total ? [counted(answer)] : []; // where nothing is all of that, what follows says so
  const lacks = answer.like?.remark ? [answer.like.remark] : [];
  const waiting = !exact && answer.photos_waiting ? [`${answer.photos_waiting} catalogue photos are still to be looked at: search again in a moment.`] : [];
  const undo = read.length && exact ? [el("a", { class: "exact", href: exact }, "Search for it as typed"), " "] : [];
  const told = (sentences) => sentences.map((sentence) => el("span", {}, `${sentence} `));
  const whose = answer.personal ? [WHOSE[answer.personal.basis]] : [];
  return [...told([...many, ...lacks, ...whose, ...read]), ...undo, ...told([...unknown, ...waiting])];
}

/** What the order rests on, where it is the visitor's own. */
const WHOSE = {
  events: "Among equally good ones, what is most like what you looked at comes first.",
  declared: "Among equally good ones, what you say you like comes first.",
  "nothing known": "Nothing is known of you yet, so the order is that of everybody.",
  "no consent": "You did not agree to personal answers, so the order is that of everybody.",
};

/** How many products are all that was asked for, and within which prices. */
function counted({ total, asked_for }) {
  const { price_from: from, price_to: to } = asked_for;
  const prices = from !== null && to !== null ? ` from ${from} to ${to}` : to !== null ? ` up to ${to}` : from !== null ? ` from ${from}` : "";
  return `${total} ${total === 1 ? "product" : "products"}${prices}.`;
}

/** Tell the workshop which words were searched for, once. */
export async function record(query) {
  if (!query || query === recorded) return;
  recorded = query;
  try {
    await api.tell("search", { query });
  } catch (error) {
    say(error.message);
  }
  document.dispatchEvent(new Event("shop:event"));
}
