// What reviews say of a product: the warning of a size beside the buttons, and below the product how many say what, quoted.

import * as api from "./api.js";
import { count, el } from "./dom.js";

const SHOWN = 6; // things that are said; the rest is behind "More"

/** Two places for a product: `warning` for the page's words, `section` for below; both empty until `fill` has asked. */
export function reviewsOf(id) {
  const warning = el("p", { class: "size-warning", role: "note", hidden: true });
  const section = el("section", { class: "reviews", "aria-labelledby": "reviews-title", hidden: true });
  const fill = async () => {
    let found;
    try {
      found = await api.reviews(id);
    } catch {
      return; // a page without reviews is whole
    }
    if (!found.reviews) return;
    warning.textContent = found.warning;
    warning.lang = found.language;
    warning.hidden = !found.warning;
    const stars = found.stars === null ? "" : `, ${found.stars.toFixed(1)} of 5 stars`;
    section.replaceChildren(
      el("h2", { id: "reviews-title" }, "Reviews"),
      el("p", { class: "reviews-sum" }, `${count(found.reviews, "review")}${stars}`),
      list(found.sayings.slice(0, SHOWN), found.language),
      found.sayings.length > SHOWN ? el("details", {}, el("summary", {}, `${found.sayings.length - SHOWN} more`), list(found.sayings.slice(SHOWN), found.language)) : null,
    );
    section.hidden = false;
  };
  return { warning, section, fill };
}

function list(sayings, lang) {
  return el("ul", { class: "sayings", lang }, sayings.map((one) => el("li", {}, el("strong", {}, one.told), one.quotes.map(quoted))));
}

function quoted(quote) {
  const stars = quote.stars === null ? null : el("span", { class: "quote-stars" }, ` ${quote.stars} of 5`);
  return el("blockquote", { lang: quote.language }, el("q", {}, quote.text), stars);
}
