// The closet: what the visitor wears, from photos; each thing with products like it and what would go with it.

import * as api from "./api.js";
import { card } from "./cards.js";
import { CLOSE, count, el, empty, icon, say } from "./dom.js";
import { lookFor } from "./look.js";
import * as photos from "./photos.js";
import { mount, refreshRails } from "./rails.js";
import { randomId } from "./visitor.js";

const PARTS = { one_piece: "Dress or jumpsuit", outer: "Jacket or coat", upper: "Top", lower: "Trousers or skirt", shoes: "Shoes", bag: "Bag" };
const THUMB_PX = 160;

export async function closet(page) {
  const picker = el("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Photo of what you wear" });
  const add = el("button", { type: "button", class: "button", onclick: () => add.ariaBusy !== "true" && picker.click() }, "Add a photo");
  const notes = el("p", { class: "caption", role: "status" }, "Looking …");
  const list = el("ul", { class: "closet" });
  page.replaceChildren(
    el("div", { class: "intro" }, el("h1", {}, "Your closet"), el("p", {}, "Show a photo of something you wear. The photo stays in this browser; the shop keeps only what was seen on it."), notes),
    el("div", { class: "buy" }, add, picker),
    list,
  );
  await mount([]);
  const draw = ({ items }) => {
    if (!list.isConnected) return;
    notes.textContent = items.length ? count(items.length, "thing") : "";
    list.replaceChildren(...items.map((item) => thing(item, again)));
    if (items.length === 0) list.append(el("li", {}, empty("Nothing hangs here yet.")));
  };
  const again = async () => draw(await api.closet());
  picker.addEventListener("change", async () => {
    const [file] = picker.files;
    picker.value = "";
    if (!file) return;
    add.ariaBusy = "true";
    notes.textContent = "Looking at your photo …";
    const named = new File([file], `${randomId()}-${file.name}`, { type: file.type });
    try {
      await photos.keep(named.name, named);
      const { items } = await api.hangUp(named);
      say(`${count(items.length, "thing")} went into your closet.`);
    } catch (error) {
      say(error.message);
    }
    add.ariaBusy = "false";
    await again().catch((error) => say(error.message));
  });
  await again();
}

/** One thing: its cut-out, what was seen, products like it, and a button for what goes with it. */
function thing(item, again) {
  const name = named(item);
  const canvas = el("canvas", { class: "closet-photo", width: THUMB_PX, height: THUMB_PX, "aria-hidden": "true" });
  cutOut(canvas, item);
  const remove = el("button", { type: "button", class: "round", "aria-label": `Take ${name} out of the closet`, onclick: async () => {
    try {
      await api.takeOutOfCloset([item.closet_item]);
      await again();
    } catch (error) {
      say(error.message);
    }
  } }, icon(...CLOSE));
  const look = el("div");
  const more = el("button", { type: "button", class: "button quiet", onclick: () => { more.remove(); look.append(lookFor(() => ({ closet_item: item.closet_item }))); } }, "What goes with it");
  const like = item.like.filter((hit) => hit.card);
  return el(
    "li",
    { class: "closet-thing" },
    el("div", { class: "closet-head" }, canvas, el("div", { class: "closet-words" }, el("h2", {}, name), el("p", { class: "small" }, seen(item)), item.slot ? more : null), remove),
    like.length ? [el("h3", { class: "small" }, "Like it, in this shop"), el("ul", { class: "grid" }, like.map((hit) => card(hit.card, { afterEvent: refreshRails, level: "h4" })))] : null,
    look,
  );
}

/** What was seen of it beside its name: which part of an outfit, and its colours, each once. */
const seen = ({ part, colours }) => [...new Set([PARTS[part], ...colours.map((colour) => colour.name)])].filter(Boolean).slice(0, 3).join(" · ");

/** "Black sandals": its colour, and what it is as narrowly as that was seen. */
function named({ tags, colours, part }) {
  const kind = (tags.type ?? tags.articleType ?? Object.values(tags).at(-1))?.value ?? PARTS[part] ?? "Piece";
  const words = [colours[0]?.name, kind].filter(Boolean).join(" ").toLowerCase();
  return words[0].toUpperCase() + words.slice(1);
}

/** What was seen, cut out of the photo where this browser has it; else its colours. */
async function cutOut(canvas, item) {
  const pen = canvas.getContext("2d");
  const file = await photos.recall(item.photo);
  const { left, top, right, bottom } = item.box;
  try {
    const image = await createImageBitmap(file);
    const scale = THUMB_PX / Math.max(right - left, bottom - top);
    const [wide, high] = [(right - left) * scale, (bottom - top) * scale];
    pen.drawImage(image, left, top, right - left, bottom - top, (THUMB_PX - wide) / 2, (THUMB_PX - high) / 2, wide, high);
  } catch {
    item.colours.slice(0, 3).forEach(({ rgb }, place, all) => {
      pen.fillStyle = `rgb(${rgb})`;
      pen.fillRect((place * THUMB_PX) / all.length, 0, THUMB_PX / all.length, THUMB_PX);
    });
  }
}
