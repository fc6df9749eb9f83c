// Which products are on the visitor's wish list: the server keeps it, every heart on the page and every tab shows it.

import * as api from "./api.js";
import { onNews } from "./visitor.js";

let wished_ = new Map(); // card id -> the id that was wished for
const badge = document.getElementById("wish-count");
const link = document.getElementById("wish-link");

export function start() {
  onNews(load);
  load();
}

export const wished = (id) => wished_.has(id);

/** Read the list anew; returns what is on it. */
export async function load() {
  try {
    const { items } = await api.wishes();
    wished_ = new Map(items.map((item) => [item.card?.id ?? item.product_id, item.product_id]));
    draw();
    return items;
  } catch {
    return []; // hearts stay as they are; the page itself says when the server is gone
  }
}

/** On the list, or off it again; returns whether it is on it now. */
export async function toggle(id) {
  const on = !wished_.has(id);
  if (on) await api.tell("wishlist", { product_id: id });
  else await api.unwish(wished_.get(id));
  if (on) wished_.set(id, id);
  else wished_.delete(id);
  draw();
  document.dispatchEvent(new Event("shop:wishes"));
  return on;
}

/** Every heart and the number in the header. */
export function draw() {
  for (const button of document.querySelectorAll("[data-wish]")) button.setAttribute("aria-pressed", String(wished_.has(button.dataset.wish)));
  badge.textContent = String(wished_.size);
  badge.hidden = wished_.size === 0;
  link.setAttribute("aria-label", wished_.size ? `Wish list, ${wished_.size} on it` : "Wish list, empty");
}
