// Searches: the field for words; by a photo, one row a product seen in it; and by a photo but for some words.

import * as api from "./api.js";
import { complete } from "./complete.js";
import { el, empty } from "./dom.js";
import * as photos from "./photos.js";
import { mount } from "./rails.js";
import { randomId } from "./visitor.js";
import { found, note, record, remarks } from "./words.js";

const FOUND_A_REGION = 12;
const THUMB_PX = 96;
const NAMES = {
  photo: "The whole photo",
  product: "Product",
  one_piece: "Dress or jumpsuit",
  outer: "Jacket or coat",
  upper: "Top",
  lower: "Trousers or skirt",
  shoes: "Shoes",
  bag: "Bag",
};

const picker = document.getElementById("photo");
let taken = null; // the photo searched with: its name in the address, the file, its address on this page, its answers by the words of "but"
let go = () => {};

/** Listen to the header's search field and camera, and to pictures that are dropped or pasted; `goTo` opens an address. */
export function start(goTo) {
  go = goTo;
  document.getElementById("search").addEventListener("submit", (event) => {
    event.preventDefault();
    const q = new FormData(event.target).get("q").trim();
    close();
    go(q ? `#/search?${new URLSearchParams({ q })}` : "#/");
  });
  const close = complete(document.getElementById("query"), (address) => go(address));
  document.getElementById("camera").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    take(picker.files[0]);
    picker.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("paste", (event) => take(pictureIn(event.clipboardData)));
  document.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
}

const pictureIn = (clipboard) => [...(clipboard?.files ?? [])].find((file) => file.type.startsWith("image/"));

async function take(file) {
  if (!file) return;
  const id = randomId();
  await photos.keep(id, file); // first, so that the address never names a photo that a reload would not find
  hold(id, file);
  go(`#/photo?${new URLSearchParams({ photo: id })}`);
}

function hold(id, file) {
  if (taken) URL.revokeObjectURL(taken.url);
  taken = { id, file, url: URL.createObjectURL(file), answers: new Map() };
}

/** The page of a search by photo: what was seen in it, and a row of products for each. */
export async function photo(page, query) {
  const [id, but] = [query.get("photo"), query.get("but") ?? ""];
  if (id !== null && taken?.id !== id) {
    const file = await photos.recall(id); // the page was loaded anew, or another photo was looked at meanwhile
    if (file) hold(id, file);
    else taken = null;
  }
  const choose = el("button", { type: "button", class: "button quiet", onclick: () => picker.click() }, taken ? "Another photo" : "Choose a photo");
  const heading = el("h1", {}, !taken ? "Search with a photo" : but ? `Like your photo, but ${but}` : "Like your photo");
  await mount([]);
  if (!taken) {
    page.replaceChildren(heading, empty("Choose a photo, or drop or paste one here: a product, or somebody wearing some.", choose));
    return;
  }
  const { file, url, answers } = taken;
  const notes = el("p", { class: "caption", role: "status" }, "Looking at your photo …");
  const image = el("img", { src: url, alt: "The photo you search with" });
  const frame = el("div", { class: "seen-frame" }, image);
  const chips = el("ul", { class: "seen-chips", "aria-label": "What was seen" });
  const rows = el("div", { class: "seen-rows" });
  page.replaceChildren(
    el("div", { class: "seen" }, el("figure", { class: "seen-photo" }, frame), el("div", { class: "seen-words" }, heading, notes, chips, butForm(but), choose)),
    rows,
  );
  const shows = image.decode().then(() => true, () => false); // a TIFF is searched all the same
  const fresh = !answers.has(but);
  try {
    if (fresh) answers.set(but, await api.searchPhoto(file, { n: FOUND_A_REGION, ...(but ? { but } : {}) }));
  } catch (error) {
    notes.textContent = "";
    rows.replaceChildren(empty(error.message, el("button", { type: "button", class: "button quiet", onclick: () => picker.click() }, "Choose another photo")));
    return;
  }
  frame.hidden = !(await shows);
  if (!rows.isConnected) return;
  const answer = answers.get(but);
  notes.replaceChildren(...remarks(answer));
  draw(answer, image, { frame, chips, rows });
  if (fresh && but) await record(but);
}

/** A box on the photo, a chip with its cut-out, and a row of products, for each region. */
function draw(answer, image, { frame, chips, rows }) {
  const many = new Map();
  for (const { name, box, items, like, remark } of answer.regions) {
    many.set(name, (many.get(name) ?? 0) + 1);
    const several = answer.regions.filter((other) => other.name === name).length > 1;
    const title = `${NAMES[name] ?? name}${several ? ` ${many.get(name)}` : ""}`;
    const list = el("ul", { class: "rail-list", tabindex: "0", "aria-label": `Looks like: ${title}` }, items.map((item) => found(item, "")));
    const row = el("section", { class: "rail", tabindex: "-1", "aria-label": title }, el("div", { class: "rail-head" }, el("h2", {}, title), el("p", { class: "caption" }, like?.remark || "what looks most like it first")), items.length ? list : empty(remark || "Nothing in this shop looks like it."));
    const show = () => {
      row.scrollIntoView({ block: "start" });
      row.focus({ preventScroll: true });
    };
    const area = el("button", { type: "button", class: "seen-box", "aria-label": `See what looks like: ${title}`, title, onclick: show });
    const chip = el("button", { type: "button", class: "seen-chip", onclick: show }, frame.hidden ? null : thumb(image, box), title);
    for (const [here, there] of [[chip, area], [area, chip]]) {
      for (const kind of ["mouseenter", "focus"]) here.addEventListener(kind, () => there.classList.add("meant"));
      for (const kind of ["mouseleave", "blur"]) here.addEventListener(kind, () => there.classList.remove("meant"));
    }
    place(area, box, image);
    frame.append(area);
    chips.append(el("li", {}, chip));
    rows.append(row);
    note(title, items, answer);
  }
}

/** Where a box lies on the photo, in hundredths of it, so that it stays there at any width. */
function place(node, { left, top, right, bottom }, { naturalWidth: width, naturalHeight: height }) {
  Object.assign(node.style, {
    left: `${(100 * left) / width}%`,
    top: `${(100 * top) / height}%`,
    width: `${(100 * (right - left)) / width}%`,
    height: `${(100 * (bottom - top)) / height}%`,
  });
}

/** What lies in a box, small; the whole of it. */
function thumb(image, { left, top, right, bottom }) {
  const canvas = el("canvas", { class: "seen-thumb", width: THUMB_PX, height: THUMB_PX, "aria-hidden": "true" });
  const [width, height] = [right - left, bottom - top];
  const scale = THUMB_PX / Math.max(width, height);
  const [wide, high] = [width * scale, height * scale];
  canvas.getContext("2d").drawImage(image, left, top, width, height, (THUMB_PX - wide) / 2, (THUMB_PX - high) / 2, wide, high);
  return canvas;
}

function butForm(but) {
  const field = el("input", { id: "but", name: "but", type: "text", value: but, placeholder: "blue", maxlength: "200", autocomplete: "off" });
  const form = el("form", { class: "but" }, el("label", { for: "but" }, "Like this, but"), field, el("button", { type: "submit", class: "button" }, "Search"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = field.value.trim();
    go(`#/photo?${new URLSearchParams({ photo: taken.id, ...(said ? { but: said } : {}) })}`);
  });
  return form;
}
