// Search by a product: what looks like it, and what is like it but for some words.

import * as api from "./api.js";
import { card, ghosts, picture, productLink } from "./cards.js";
import { el, empty } from "./dom.js";
import { mount, refreshRails } from "./rails.js";
import { note, remarks } from "./words.js";

const FOUND = 36;

export const likeLink = (id, but = "") => `#/like?${new URLSearchParams({ id, ...(but ? { but } : {}) })}`;

export async function like(page, query) {
  const [id, but] = [query.get("id") ?? "", query.get("but") ?? ""];
  const { title, variants } = await api.product(id);
  const chosen = variants.find((one) => one.id === id) ?? variants[0];
  const words = but ? `Like ${title}, but ${but}` : `Like ${title}`;
  document.title = `${words} · ${document.body.dataset.name}`;
  const notes = el("p", { class: "caption", role: "status" }, "Searching …");
  const list = el("ul", { class: "grid", "aria-label": "What is like it" }, ghosts(12));
  const shelf = el("section", { class: "shelf" }, el("h2", { class: "unseen" }, "Products"), list);
  page.replaceChildren(
    el("div", { class: "like-head" }, el("a", { href: productLink(id), "aria-label": `Back to ${title}` }, picture(chosen, { alt: "", loading: "eager" })), el("div", { class: "intro" }, el("h1", {}, words), notes, butForm(id, but))),
    shelf,
  );
  await mount([]);
  const answer = await api.search({ product_id: id, text: but, n: FOUND });
  if (!list.isConnected) return;
  notes.replaceChildren(...remarks(answer));
  if (notes.childElementCount === 0) notes.textContent = "What is most like it first.";
  const hits = answer.items.filter((item) => item.card);
  list.replaceChildren(...hits.map((item) => card(item.card, { afterEvent: refreshRails })));
  if (hits.length === 0) shelf.replaceChildren(empty("Nothing here is like it.", el("a", { class: "button quiet", href: productLink(id) }, `Back to ${title}`)));
  note(words, hits, answer);
}

function butForm(id, but) {
  const field = el("input", { id: "but", name: "but", type: "text", value: but, placeholder: "blue", maxlength: "200", autocomplete: "off" });
  const form = el("form", { class: "but" }, el("label", { for: "but" }, "Like this, but"), field, el("button", { type: "submit", class: "button" }, "Search"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    location.hash = likeLink(id, field.value.trim());
  });
  return form;
}
