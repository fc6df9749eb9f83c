// The home page: rails on top, the whole shelf below, narrowed by category.

import * as api from "./api.js";
import { card, ghosts } from "./cards.js";
import { count, el, empty, say } from "./dom.js";
import { Rail, mount, refreshRails } from "./rails.js";
import { notForMe } from "./dislikes.js";
import { hasActed } from "./visitor.js";
import { pages, rememberPages } from "./visits.js";

export const categoryLink = (path) => `#/category?${new URLSearchParams(path.map((name) => ["in", name]))}`;

const BECAUSE = { view: "looked at", click: "looked at", wishlist: "like", try_on: "tried on", add_to_cart: "chose", purchase: "bought", rate: "rated" };

/**
 * Rails of the home page. "Because you looked at" asks anew which product was the last one, before each refresh;
 * "Popular now" stays away while "For you" has nothing else to show.
 */
function rails() {
  const forYou = new Rail("for-you", "For you", () => ({ placement: "home", ...(hasActed() ? {} : { max_per_category: 1 }), ...notForMe() }));
  const because = new Rail(
    "because",
    "Because you looked at …",
    async () => {
      const last = (await api.shopper()).events.find((event) => event.title !== null && event.kind in BECAUSE);
      if (!last) return null;
      because.setTitle(`Because you ${BECAUSE[last.kind]} ${last.title}`);
      const shown = ((await forYou.settled)?.items ?? []).slice(0, 6).map((item) => item.product_id); // no twins side by side
      return { placement: last.kind === "purchase" ? "cart" : "product", product_ids: [last.product_id], exclude_ids: shown };
    },
    { quiet: true },
  );
  const popular = new Rail(
    "popular",
    "Popular now",
    async () => ((await forYou.settled)?.fallback === "popular" ? null : { placement: "home", strategy: "popular", ...notForMe() }),
    { quiet: true },
  );
  return [forYou, because, popular];
}

/** Holds the place of what comes all at once, so that nothing on the page moves. */
const waiting = () => el("section", { class: "rail", "aria-hidden": "true" }, el("div", { class: "rail-head" }, el("p", { class: "caption" }, "\u00a0")), el("ul", { class: "rail-list" }, ghosts(6)));

/** A link to a category, with the number of products in it. */
export const chip = ({ label, path, count: number }) =>
  el("a", { class: "chip", href: path.length ? categoryLink(path) : "#/", "data-category": path[0] ?? "" }, label, el("span", { class: "chip-count" }, String(number)));

export async function home(page) {
  const shelf = el("section", { class: "shelf" });
  const intro = el("div", { class: "intro" }, el("h1", {}, "Look around"), el("p", {}, "Whatever you click is learnt from at once. The rows below follow you."));
  const [forYou, ...others] = rails();
  const below = waiting();
  page.replaceChildren(intro, forYou.node, below);
  const loading = grid(shelf, "Everything", {});
  await mount([forYou, ...others]);
  below.replaceWith(...others.map((rail) => rail.node), shelf); // all at once, since some rows stay away: nothing moves
  await loading;
}

export async function category(page, path) {
  const trail = el(
    "nav",
    { class: "trail", "aria-label": "Where you are" },
    el("a", { href: "#/" }, "Everything"),
    path.slice(0, -1).map((name, place) => [" / ", el("a", { href: categoryLink(path.slice(0, place + 1)) }, name)]).flat(),
  );
  const shelf = el("section", { class: "shelf" });
  const liked = new Rail("category", "Picked for you here", () => ({ placement: "category", filter: { category: path.join(" > ") } }), { about: path.join(" > "), quiet: true });
  const inside = el("nav", { class: "chips inside", "aria-label": "Narrower categories", hidden: true });
  const below = waiting();
  page.replaceChildren(trail, el("h1", {}, path.at(-1) ?? "Everything"), below);
  const chips = ({ inside: narrower }) => {
    inside.replaceChildren(...narrower.map(chip));
    inside.hidden = narrower.length === 0;
  };
  const loading = grid(shelf, "All of it", { category: path }, chips);
  await Promise.all([mount([liked], below), loading]);
  below.replaceWith(inside, liked.node, shelf);
}

/** The shelf, a page of products at a time; `heard` gets the first answer. */
async function grid(shelf, title, question, heard = () => {}) {
  const total = el("p", { class: "caption" });
  const list = el("ul", { class: "grid" }, ghosts(12));
  const more = el("button", { type: "button", class: "button quiet more", hidden: true }, "Show more");
  let after = 0;
  shelf.replaceChildren(el("div", { class: "rail-head" }, el("h2", {}, title), total), list, more);
  const load = async ({ quiet = false } = {}) => {
    more.disabled = true;
    try {
      const answer = await api.products({ ...question, after });
      if (after === 0) heard(answer);
      total.textContent = count(answer.total, "product");
      const nodes = answer.products.map((product) => card(product, { afterEvent: refreshRails }));
      const focus = after > 0 && !quiet ? nodes[0]?.querySelector("a") : null;
      if (after === 0) list.replaceChildren();
      list.append(...nodes);
      focus?.focus({ preventScroll: true });
      if (answer.total === 0) {
        list.replaceWith(empty("This shelf is empty. Import a catalogue first.", el("a", { class: "button quiet", href: "#/" }, "See everything")));
      }
      after = answer.next;
      more.hidden = after === null;
    } catch (error) {
      say(error.message);
      more.hidden = false;
      more.textContent = "Try again";
      return;
    } finally {
      more.disabled = false;
    }
    more.textContent = "Show more";
  };
  more.addEventListener("click", async () => {
    await load();
    rememberPages(++shown);
  });
  let shown = 1;
  await load();
  for (const again = pages(); shown < again && after !== null; shown++) await load({ quiet: true });
}
