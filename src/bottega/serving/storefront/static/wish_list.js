// The page of the wish list, and what goes with all that is on it.

import { card, ghosts } from "./cards.js";
import { count, el, empty } from "./dom.js";
import { Rail, mount, refreshRails } from "./rails.js";
import { load } from "./wishes.js";

export async function wishList(page) {
  const total = el("p", { class: "caption", role: "status" }, "Looking …");
  const list = el("ul", { class: "grid", "aria-label": "Your wish list" }, ghosts(4));
  const shelf = el("section", { class: "shelf" }, el("h2", { class: "unseen" }, "Products"), list);
  let ids = [];
  const along = new Rail("wishes", "Goes with your wishes", () => (ids.length ? { placement: "cart", product_ids: ids } : null), { quiet: true, below: true });
  page.replaceChildren(el("div", { class: "intro" }, el("h1", {}, "Your wish list"), total), shelf, along.node);
  const draw = async () => {
    const items = (await load()).filter((item) => item.card);
    if (!shelf.isConnected) return;
    ids = items.map((item) => item.product_id).slice(0, 20);
    total.textContent = items.length ? `${count(items.length, "product")}. The heart takes one off again.` : "";
    list.replaceChildren(...items.map((item) => card(item.card, { afterEvent: refreshRails })));
    shelf.replaceChildren(...(items.length ? [el("h2", { class: "unseen" }, "Products"), list] : [empty("Nothing is on it yet. The heart on a product puts it here.", el("a", { class: "button quiet", href: "#/" }, "See everything"))]));
  };
  await draw();
  document.addEventListener("shop:wishes", draw, { signal: whileOn(page) });
  await mount([along]);
}

/** Ends with the page: nobody listens for a page that has been thrown away. */
function whileOn(page) {
  const ending = new AbortController();
  document.addEventListener("shop:wishes", () => page.isConnected || ending.abort(), { signal: ending.signal });
  return ending.signal;
}
