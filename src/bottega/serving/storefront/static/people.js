// Who am I today: a fresh visitor, or one of the shop's known shoppers with a taste of their own.

import { shop } from "./api.js";
import { CLOSE, count, el, empty, icon } from "./dom.js";
import { becomeShopper, current, onChange, startAgain } from "./visitor.js";

const dialog = document.getElementById("people");
const name = document.getElementById("who-name");

let shoppers = null; // those whom a visitor may become, once asked for

export function start() {
  const close = el("button", { type: "button", class: "round", "aria-label": "Close", onclick: () => dialog.close() }, icon(...CLOSE));
  const list = el("ul", { class: "people-list" });
  dialog.append(
    el("div", { class: "drawer-head" }, el("h2", { id: "people-title" }, "Who is looking?"), close),
    el("p", { class: "small" }, "Become one of the shop's shoppers and the rows on the home page become theirs."),
    el("nav", { class: "own", "aria-label": "Yours" }, [["#/wishes", "Wish list"], ["#/closet", "Closet"], ["#/tastes", "Tastes"]].map(([href, words]) => el("a", { class: "chip", href }, words))),
    list,
  );
  const draw = () => {
    name.textContent = current().known ? (current().name ?? current().id) : "Visitor";
    list.replaceChildren(
      person("A new visitor", "Nothing is known of them yet", null, false, startAgain),
      ...(shoppers ?? []).map((one) => person(one.name ?? one.id, one.taste.join(" · "), one.events_known, current().known && current().id === one.id, () => becomeShopper(one.id, one.name ?? one.id))),
    );
    if (shoppers === null) list.append(el("li", { class: "small" }, "Looking who is here …"));
    else if (shoppers.length === 0) list.append(el("li", {}, empty("No shopper is known yet: import events, or click around.")));
  };
  const person = (title, taste, events, chosen, choose) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "person", "aria-pressed": String(chosen), onclick: () => { dialog.close(); choose(); } },
        el("span", { class: "face", "aria-hidden": "true" }, [...title][0].toUpperCase()),
        el("span", { class: "person-words" }, el("b", {}, title), el("span", { class: "small" }, taste)),
        events === null ? null : el("span", { class: "small" }, count(events, "event")),
      ),
    );
  document.getElementById("who").addEventListener("click", async () => {
    dialog.showModal();
    if (shoppers !== null) return;
    try {
      ({ shoppers } = await shop());
      draw();
    } catch (error) {
      list.lastElementChild.replaceWith(el("li", {}, empty(error.message)));
    }
  });
  document.getElementById("fresh").addEventListener("click", startAgain);
  dialog.addEventListener("click", (event) => (event.target === dialog || event.target.closest("a[href]")) && dialog.close());
  onChange(draw);
  draw();
}
