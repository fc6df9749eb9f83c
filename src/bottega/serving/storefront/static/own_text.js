// A description written for this visitor: the same facts, those first that they lean to, and why. Asked for by hand alone.

import { ownText } from "./api.js";
import { productLink } from "./cards.js";
import { el } from "./dom.js";

const NOTHING = {
  events: "Nothing that you did says more for one of these facts than for another, so this is the text for everybody.",
  declared: "Nothing that you say you like is a fact of this product, so this is the text for everybody.",
  "nothing known": "Nothing is known of you yet, so this is the text for everybody.",
  "no consent": "You did not agree to personal answers, so this is the text for everybody.",
};

/** Show in `place` the text of a product for whoever looks at it, and below it why it is as it is. */
export async function showOwnText(place, id) {
  const found = await ownText(id);
  const why = found.why.length
    ? el("ul", { class: "why" }, found.why.map((one) => el("li", {}, one.text, one.products.length ? [" ", named(one.products)] : null)))
    : el("p", { class: "why" }, NOTHING[found.basis]);
  const text = found.why.length ? el("p", { class: "description", lang: found.language }, found.text) : null;
  place.replaceChildren(...[text, why].filter(Boolean));
  return found.why.length > 0;
}

/** Products with commas between, as links. */
function named(products) {
  const links = products.map(({ id, title }, at) => [at ? ", " : null, el("a", { href: productLink(id) }, title)]);
  return el("span", { class: "why-products" }, ...links.flat());
}
