// Pictures of products that do not exist, by the visitor's words and turn by turn; below them what this shop really has
// that looks like the one they chose. Where they are lives in this page: the answer's state goes back with the next words.

import * as api from "./api.js";
import { card } from "./cards.js";
import { el, empty } from "./dom.js";
import { mount, refreshRails } from "./rails.js";

const PICTURES = 8;
const PRODUCTS = 10;
const TURNS = ["darker", "lighter", "another one", "another colour"];
const WHY = {
  unknown: (one) => `“${one.words}” is a word that nobody here knows.`,
  not_drawn: (one) => `“${one.words}” cannot be asked for.`,
  not_learnt: (one) => `“${one.words}” was never learnt.`,
  excluded: (one) => `“${one.words}” cannot be left out.`,
  drawn_instead: (one) => `“${one.words}” was never learnt: this is ${one.instead}.`,
};

export async function imagine(page, query) {
  let answer = null;
  let chosen = 0;
  const before = []; // answers of the turns before, for a step back
  let asked = 0; // number of the newest question: an older answer is not shown
  const told = el("p", { class: "caption", role: "status" });
  const said = el("p", { class: "imagine-said", hidden: true });
  const pictures = el("ul", { class: "imagined", "aria-label": "Generated pictures" });
  const real = el("section", { class: "shelf", "aria-label": "Real products", hidden: true });
  const words = field("imagine-words", "What do you look for?", "red shirt for men", "Draw it", (said) => ask({ words: said }));
  const turn = field("imagine-turn", "Not quite?", "make it blue", "Change it", (said) => go(said));
  const quick = el("div", { class: "imagine-quick", role: "group", "aria-label": "Changes" },
    TURNS.map((said) => el("button", { type: "button", class: "button quiet", onclick: () => go(said) }, said)),
    el("button", { type: "button", class: "button quiet", onclick: () => go(`more like number ${chosen + 1}`) }, "more like the chosen one"),
    el("button", { type: "button", class: "button quiet", id: "imagine-back", hidden: true, onclick: () => back() }, "a step back"));
  const turns = el("div", { class: "imagine-turns", hidden: true }, said, turn.form, quick);

  const go = (said) => answer && ask({ words: said, before: answer.state });

  function back() {
    asked++; // an answer that is still on its way is of no use any more
    pictures.ariaBusy = "false";
    answer = before.pop();
    chosen = 0;
    show();
    turn.input.focus();
  }

  async function ask(fields) {
    const mine = ++asked;
    tell("Drawing …");
    pictures.ariaBusy = "true";
    try {
      const found = await api.imagine({ n: PICTURES, products: PRODUCTS, ...fields });
      if (mine !== asked) return;
      if (!fields.before) before.length = 0;
      else before.push(answer);
      answer = found;
      chosen = 0;
      turn.input.value = "";
      show();
    } catch (error) {
      if (mine !== asked) return;
      tell(error.message, true);
    } finally {
      if (mine === asked) pictures.ariaBusy = "false";
    }
  }

  function tell(text, wrong = false) {
    told.textContent = text;
    told.classList.toggle("wrong", wrong);
  }

  function show() {
    tell([`${answer.pictures.length} generated pictures: none of these products exists.`, ...answer.not_drawn.map((one) => WHY[one.why](one))].join(" "));
    said.textContent = answer.state.said.join(" · ");
    said.hidden = answer.state.said.length < 2;
    quick.lastElementChild.hidden = before.length === 0;
    pictures.replaceChildren(...answer.pictures.map((one, place) => el("li", {}, face(one, place))));
    turns.hidden = false;
    shelf();
  }

  /** One picture as a button that chooses it. On its face stands that it was generated. */
  function face(one, place) {
    const about = [one.type, one.gender, one.usage, one.worn ? "worn" : "laid flat"].filter(Boolean).join(", ");
    const button = el("button", { type: "button", class: "imagined-face", "aria-pressed": String(place === chosen) },
      el("img", { src: `data:image/jpeg;base64,${one.content}`, width: one.width, height: one.height, alt: `Picture ${one.number}: ${about}` }),
      el("span", { class: "imagined-badge" }, "generated"));
    button.addEventListener("click", () => {
      chosen = place;
      for (const [other, each] of [...pictures.querySelectorAll("button")].entries()) each.setAttribute("aria-pressed", String(other === chosen));
      shelf();
    });
    return button;
  }

  function shelf() {
    const { number, products, as_asked, type } = answer.pictures[chosen];
    real.hidden = false;
    real.replaceChildren(
      el("h2", {}, "What this shop really has"),
      el("p", { class: "caption" }, order(answer.asked, as_asked, products.length, type), ` Among equals, what looks most like picture ${number} comes first.`),
      products.length ? el("ul", { class: "grid" }, products.map((item) => card(item.card, { afterEvent: refreshRails }))) : empty("No product of this shop has a photo to compare with."),
    );
  }

  page.replaceChildren(
    el("div", { class: "intro" }, el("h1", {}, "Imagine it"), el("p", { class: "caption" }, "Say what you look for, and see it drawn. Then change it until it is right, and see what this shop has that looks like it.")),
    words.form, turns, told, pictures, real,
  );
  await mount([]);
  const first = query.get("q");
  if (first) {
    words.input.value = first;
    await ask({ words: first });
  }
}

/** What the order of the real products is by. */
function order(asked, whole, all, type) {
  const wanted = `${type.toLowerCase()}${asked.lab ? " in the colour asked for" : ""}`;
  if (all === 0) return "";
  if (whole === all) return `All are ${wanted}.`;
  if (whole === 0) return `Here are no ${wanted}, or none just so: what is nearest comes first.`;
  return `First ${whole === 1 ? "one" : whole} of ${wanted}, then what is near.`;
}

/** A field for words, with its label and its button. */
function field(id, label, placeholder, press, send) {
  const input = el("input", { id, type: "text", placeholder, maxlength: 300, autocomplete: "off" });
  const form = el("form", { class: "but imagine-form" }, el("label", { for: id }, label), input, el("button", { type: "submit", class: "button" }, press));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = input.value.trim();
    if (said) send(said);
  });
  return { form, input };
}
