// Tastes: what the visitor says to like, which counts at once, and what they want to see no more.

import * as api from "./api.js";
import { dislike, disliked, notForMe } from "./dislikes.js";
import { el, say } from "./dom.js";
import { Rail, mount, refreshRails } from "./rails.js";

const SHOWN = 12;
const NAMES = { category: "Kinds of things", brand: "Brands", color: "Colours", colour: "Colours" };

export async function tastes(page) {
  const forYou = new Rail("for-you", "For you", () => ({ placement: "home", ...notForMe() }));
  const groups = el("div", { class: "tastes" });
  page.replaceChildren(el("div", { class: "intro" }, el("h1", {}, "Your tastes"), el("p", {}, "Say what you like and what is not for you; the row below follows at once.")), forYou.node, groups);
  const draw = async () => {
    const answer = await api.tastes(SHOWN);
    const not = disliked();
    groups.replaceChildren(...answer.groups.map((group) => fieldset(group, not[group.attribute] ?? [])));
  };
  const fieldset = ({ attribute, values }, not) => {
    const liked = values.filter((one) => one.declared).map((one) => one.value);
    const row = ({ value, declared }) => {
      const word = value.split(" > ").at(-1);
      const say_ = (title, on, label, press) => el("button", { type: "button", class: "taste-button", "aria-pressed": String(on), "aria-label": `${title}: ${word}`, onclick: () => change(press) }, label);
      return el(
        "li",
        { class: "taste-row" },
        el("span", {}, word),
        say_("I like it", declared, "Like", () => api.declare({ [attribute]: declared ? liked.filter((one) => one !== value) : [...liked, value] })),
        say_("Not for me", not.includes(value), "Not for me", () => dislike(attribute, value, !not.includes(value))),
      );
    };
    return el("fieldset", { class: "taste-group" }, el("legend", {}, NAMES[attribute] ?? attribute.replaceAll("_", " ")), el("ul", {}, values.map(row)));
  };
  const change = async (press) => {
    const where = document.activeElement?.getAttribute("aria-label");
    try {
      await press();
      await draw();
      groups.querySelector(`[aria-label="${CSS.escape(where ?? "")}"]`)?.focus({ preventScroll: true });
      await refreshRails();
    } catch (error) {
      say(error.message);
    }
  };
  await draw();
  await mount([forYou]);
}
