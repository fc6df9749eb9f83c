// The search field as a combobox: what may be meant, while somebody types. Arrows walk the list, Enter takes, Escape closes.

import * as api from "./api.js";
import { productLink } from "./cards.js";
import { el } from "./dom.js";
import { categoryLink } from "./home.js";

const WAIT_MS = 60;
const HEADS = { search: "Searches", category: "Categories", brand: "Brands", product: "Products" };

/** Offer completions below a field; `go` opens the address of the one that is taken. Returns what closes the list. */
export function complete(field, go) {
  const list = document.getElementById("completions");
  const said = document.getElementById("completions-said");
  let options = [];
  let at = -1;
  let timer = 0;
  let asked = "";

  const close = () => {
    clearTimeout(timer);
    asked = "";
    options = [];
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    select(-1);
  };

  function select(place) {
    options[at]?.setAttribute("aria-selected", "false");
    at = place;
    options[at]?.setAttribute("aria-selected", "true");
    options[at]?.scrollIntoView({ block: "nearest" });
    if (options[at]) field.setAttribute("aria-activedescendant", options[at].id);
    else field.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const text = (asked = field.value);
    if (!text.trim()) return close();
    let items;
    try {
      ({ items } = await api.completions(text));
    } catch {
      return close(); // typing goes on without
    }
    if (text !== asked || document.activeElement !== field) return;
    draw(items);
  }

  function draw(items) {
    const groups = Object.keys(HEADS).map((kind) => items.filter((item) => item.kind === kind));
    let number = 0;
    list.replaceChildren(
      ...groups.filter((group) => group.length).map((group) => {
        const head = `completions-${group[0].kind}`;
        const rows = group.map((item) =>
          el("div", { role: "option", id: `completion-${number++}`, "aria-selected": "false", "data-address": address(item), "data-text": item.text, onclick: take },
            el("span", {}, item.text), item.count ? el("span", { class: "chip-count" }, `${item.count}`) : null));
        return el("div", { role: "group", "aria-labelledby": head }, el("div", { class: "completions-head", id: head, role: "presentation" }, HEADS[group[0].kind]), rows);
      }),
    );
    at = -1;
    options = [...list.querySelectorAll("[role=option]")];
    field.removeAttribute("aria-activedescendant");
    list.hidden = !options.length;
    field.setAttribute("aria-expanded", String(options.length > 0));
    said.textContent = options.length ? `${options.length} suggestions; arrow keys walk through them.` : "";
  }

  function take(event) {
    const { address: to, text } = event.currentTarget.dataset;
    field.value = text;
    close();
    go(to);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // arrows choose characters then
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (list.hidden) ask();
      else select(at + step >= options.length ? -1 : at + step < -1 ? options.length - 1 : at + step);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // the words stay
      close();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      options[at].click();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  field.addEventListener("blur", close);
  return close;
}

function address(item) {
  if (item.kind === "product") return productLink(item.product_id);
  if (item.kind === "category") return categoryLink(item.value.split(" > "));
  if (item.kind === "brand") return `#/search?${new URLSearchParams({ q: "", brand: item.value })}`;
  return `#/search?${new URLSearchParams({ q: item.text })}`;
}
