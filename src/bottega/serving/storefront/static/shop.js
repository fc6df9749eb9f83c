// Where the page starts. Pages live behind the #: ids travel in its query part, percent-encoded, never in a path.

import * as cart from "./cart.js";
import { el, empty, say } from "./dom.js";
import { category, home } from "./home.js";
import { like } from "./like.js";
import * as people from "./people.js";
import { product } from "./product.js";
import { forgetSeen, mountAgain, mountedRails, refreshRails } from "./rails.js";
import * as search from "./search.js";
import { current, onChange, onNews } from "./visitor.js";
import * as visits from "./visits.js";
import * as wishes from "./wishes.js";
import { words } from "./words.js";
import * as workshop from "./workshop.js";

const page = document.getElementById("page");
const NAME = document.body.dataset.name;
let visitor = current().id;
const talk = document.getElementById("assistant");
talk.dataset.shopper = visitor;

/** Each page: what draws it into a stage, and what its tab is called. Those that fewer open are loaded when they are. */
const PAGES = {
  "/": { draw: home, title: () => "" },
  "/product": { draw: (stage, query) => product(stage, query.get("id") ?? ""), title: () => "Product" },
  "/category": { draw: (stage, query) => category(stage, query.getAll("in")), title: (query) => query.getAll("in").at(-1) ?? "Everything" },
  "/search": { draw: words, title: (query) => `“${query.get("q") ?? ""}”` },
  "/photo": { draw: search.photo, title: (query) => (query.get("but") ? `Like your photo, but ${query.get("but")}` : "Search with a photo") },
  "/like": { draw: like, title: () => "Like a product" },
  "/imagine": { draw: async (stage, query) => (await import("./imagine.js")).imagine(stage, query), title: () => "Imagine it" },
  "/live": { draw: async (stage, query) => (await import("./live.js")).live(stage, query.get("id") ?? ""), title: () => "Before your camera" },
  "/wishes": { draw: async (stage) => (await import("./wish_list.js")).wishList(stage), title: () => "Your wish list" },
  "/closet": { draw: async (stage) => (await import("./closet.js")).closet(stage), title: () => "Your closet" },
  "/tastes": { draw: async (stage) => (await import("./tastes.js")).tastes(stage), title: () => "Your tastes" },
};

function address() {
  const [path, query = ""] = location.hash.replace(/^#/, "").split("?", 2);
  return { path: path || "/", query: new URLSearchParams(query) };
}

/** What the header says of this address, whichever way one came here. */
function mark({ path, query }) {
  document.getElementById("query").value = path === "/search" ? (query.get("q") ?? "") : "";
  const chosen = path === "/category" ? query.getAll("in")[0] : path === "/" ? "" : null;
  for (const link of document.querySelectorAll("#chips .chip")) {
    if (link.dataset.category === chosen) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

async function show() {
  const { path, query } = address();
  const found = PAGES[path];
  const words = found ? found.title(query) : "Nothing here";
  document.title = words ? `${words} · ${NAME}` : NAME;
  mark({ path, query });
  workshop.clearAnswers();
  const stage = el("div", { class: "stage" });
  page.replaceChildren(stage);
  scrollTo(0, 0);
  try {
    if (found) await found.draw(stage, query);
    else nothing(stage);
  } catch (error) {
    stage.replaceChildren(el("h1", {}, "This did not work"), empty(error.message, el("button", { type: "button", class: "button quiet", onclick: () => show() }, "Try again")));
  }
}

function nothing(stage) {
  mountAgain([]);
  stage.replaceChildren(el("h1", {}, "Nothing here"), empty("The address may be mistyped, or what was here has gone.", el("a", { class: "button quiet", href: "#/" }, "See everything")));
}

/** Another address: the page that was left stays as it was for the way back; one that was left before comes back. */
async function move() {
  visits.leave({ stage: page.firstElementChild, rails: mountedRails(), title: document.title });
  const before = visits.arrive();
  if (!before) {
    page.focus({ preventScroll: true });
    return show();
  }
  mark(address());
  workshop.clearAnswers();
  document.title = before.title;
  page.replaceChildren(before.stage);
  wishes.draw();
  mountAgain(before.rails);
  scrollTo(0, before.scroll);
  (before.focused?.isConnected ? before.focused : page).focus({ preventScroll: true });
  await refreshRails();
}

async function start() {
  cart.start();
  people.start();
  workshop.start();
  wishes.start();
  const scroll = visits.start();
  addEventListener("hashchange", move);
  search.start((there) => {
    if (location.hash === there) return show(); // the same words once more
    location.hash = there;
  });
  onNews(() => refreshRails());
  onChange(async () => {
    if (current().id === visitor) return; // only the cart changed
    visitor = current().id;
    talk.dataset.shopper = visitor;
    forgetSeen();
    visits.forget();
    wishes.load();
    workshop.refresh();
    say(current().known ? `You are ${current().name ?? visitor} now.` : "You are a new visitor now. Nothing is known about you.");
    await show();
  });
  workshop.refresh();
  await show();
  if (scroll) scrollTo(0, scroll); // the page was loaded anew where somebody had been reading
}

start();
