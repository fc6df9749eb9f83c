// The cart drawer: lines, total, a rail that goes with the whole cart, and a button that buys.

import { tell } from "./api.js";
import { picture, productLink } from "./cards.js";
import { CLOSE, el, empty, icon, money, say } from "./dom.js";
import { Rail, add, refreshRails, remove } from "./rails.js";
import { addQuantity, cartCount, lines, onChange, takeOut } from "./visitor.js";

const drawer = document.getElementById("cart");
const button = document.getElementById("cart-button");
const badge = document.getElementById("cart-count");
const body = el("div", { class: "drawer-body" });
const foot = el("div", { class: "drawer-foot" });
const rail = new Rail("cart", "Goes with your cart", () => (lines().length ? { placement: "cart", product_ids: lines().map((line) => line.id) } : null), { quiet: true });

export function start() {
  const close = el("button", { type: "button", class: "round", "aria-label": "Close the cart", onclick: () => drawer.close() }, icon(...CLOSE));
  drawer.append(el("div", { class: "drawer-head" }, el("h2", { id: "cart-title" }, "Your cart"), close), body, rail.node, foot);
  button.addEventListener("click", () => {
    drawer.showModal();
    add(rail);
  });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer || event.target.closest("a[href]")) drawer.close();
  });
  drawer.addEventListener("close", () => remove(rail));
  onChange(draw);
  draw();
}

function draw() {
  const number = cartCount();
  badge.textContent = String(number);
  badge.hidden = number === 0;
  button.setAttribute("aria-label", number === 0 ? "Cart, empty" : `Cart, ${number} inside`);
  if (lines().length === 0) {
    body.replaceChildren(empty("Nothing in here yet."));
    foot.replaceChildren();
    return;
  }
  body.replaceChildren(el("ul", { class: "lines" }, lines().map(cartLine)));
  const buy = el("button", { type: "button", class: "button wide", onclick: () => purchase(buy) }, "Buy");
  foot.replaceChildren(el("p", { class: "total" }, el("span", {}, "Total"), el("b", {}, total())), buy, el("p", { class: "small" }, "A demo: nothing is charged, but the purchase is learnt from."));
}

/** The sum, one amount a currency. */
function total() {
  const sums = new Map();
  for (const line of lines()) {
    if (line.price_minor !== null) sums.set(line.currency, (sums.get(line.currency) ?? 0) + line.price_minor * line.quantity);
  }
  return [...sums].map(([currency, minor]) => money(minor, currency)).join(" + ");
}

function cartLine(line) {
  const step = (by, word, sign) =>
    el("button", { type: "button", class: "round small-round", "aria-label": `${word} ${line.title}`, onclick: () => change(line, by) }, sign);
  return el(
    "li",
    { class: "line" },
    line.design && line.preview ? el("img", { class: "picture", src: line.preview, alt: "", width: 68, height: 68 }) : picture(line, { alt: "" }),
    el("div", { class: "line-words" }, el("a", { href: productLink(line.id) }, line.title), line.label ? el("span", { class: "small" }, line.label) : null, line.design ? el("span", { class: "small" }, `Your design ${line.design.slice(0, 8)}`) : null, el("span", { class: "price" }, money(line.price_minor, line.currency))),
    el("div", { class: "stepper" }, step(-1, "One less of", "−"), el("span", {}, String(line.quantity)), step(1, "One more of", "+")),
  );
}

async function change(line, by) {
  addQuantity(line, by);
  try {
    await tell(by > 0 ? "add_to_cart" : "remove_from_cart", { product_id: line.id, quantity: 1, ...(line.design ? { design_id: line.design } : {}) });
    await refreshRails();
  } catch (error) {
    say(error.message);
  }
}

async function purchase(buy) {
  buy.disabled = true;
  const bought = lines().map(({ id, quantity, price_minor, design }) => ({
    product_id: id,
    quantity,
    ...(design ? { design_id: design } : {}),
    ...(price_minor === null ? {} : { value: (price_minor * quantity) / 100 }),
  }));
  try {
    await tell("purchase", ...bought);
    takeOut(bought);
    drawer.close();
    say("Thank you. Your order teaches the shop what goes with what.");
    await refreshRails();
  } catch (error) {
    say(error.message);
    buy.disabled = false;
  }
}
