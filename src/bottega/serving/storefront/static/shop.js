// Where the page starts. Pages live behind the #: ids travel in its query part, percent-encoded, never in a path.

import * as cart from "./cart.js";
import { el, empty, say } from "./dom.js";
import { category, home } from "./home.js";
import * as people from "./people.js";
import { product } from "./product.js";
import { forgetSeen } from "./rails.js";
import * as search from "./search.js";
import { current, onChange } from "./visitor.js";
import { words } from "./words.js";
import * as workshop from "./workshop.js";

const page = document.getElementById("page");
const scrolls = new Map(); // address -> how far down it was, for the way back
let here = null;
let visitor = current().id;

function address() {
  const [path, query = ""] = location.hash.replace(/^#/, "").split("?", 2);
  return { path: path || "/", query: new URLSearchParams(query) };
}

async function show({ top = true } = {}) {
  const { path, query } = address();
  const mine = (here = location.hash || "#/");
  document.title = document.body.dataset.name;
  document.getElementById("query").value = path === "/search" ? (query.get("q") ?? "") : "";
  markChip(path === "/category" ? query.getAll("in")[0] : path === "/" ? "" : null);
  workshop.clearAnswers();
  const stage = el("div", { class: "stage" });
  page.replaceChildren(stage);
  if (top) scrollTo(0, 0);
  try {
    if (path === "/product") await product(stage, query.get("id") ?? "");
    else if (path === "/category") await category(stage, query.getAll("in"));
    else if (path === "/search") await words(stage, query);
    else if (path === "/photo") await search.photo(stage, query.get("but") ?? "");
    else await home(stage);
  } catch (error) {
    stage.replaceChildren(empty(error.message, el("button", { type: "button", class: "button quiet", onclick: () => show() }, "Try again")));
  }
  if (mine === here && !top) scrollTo(0, scrolls.get(mine) ?? 0);
}

function markChip(name) {
  for (const link of document.querySelectorAll("#chips .chip")) {
    if (link.dataset.category === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

let byLink = false; // whether the next address was chosen by a link (start at the top) or by going back

async function start() {
  cart.start();
  people.start();
  workshop.start();
  history.scrollRestoration = "manual";
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a[href^='#/']")) {
      scrolls.set(here, scrollY);
      byLink = true;
    }
  });
  addEventListener("hashchange", async () => {
    const top = byLink;
    byLink = false;
    page.focus({ preventScroll: true });
    await show({ top });
  });
  search.start((address) => {
    byLink = true;
    if (location.hash === address) dispatchEvent(new HashChangeEvent("hashchange")); // another photo, the same address
    else location.hash = address;
  });
  onChange(async () => {
    if (current().id === visitor) return; // only the cart changed
    visitor = current().id;
    forgetSeen();
    workshop.refresh();
    say(current().known ? `You are ${visitor} now.` : "You are a new visitor now. Nothing is known about you.");
    await show();
  });
  workshop.refresh();
  await show();
}

start();
