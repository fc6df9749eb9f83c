// One product as a card: picture, words, price, heart, and the reason it is here.

import { credit } from "./api.js";
import { HEART, el, icon, money, say } from "./dom.js";
import { toggle, wished } from "./wishes.js";

export const productLink = (id) => `#/product?${new URLSearchParams({ id })}`;

const { root: ROOT, widths } = document.body.dataset;
const WIDTHS = widths.split(" ");
const ON_A_CARD = "(max-width: 760px) 28vw, 205px"; // less than it takes on a phone: two pixels for each are sharp enough

/** The shop's own pictures come in several widths; those of other addresses as they are. */
function inWidths(address, sizes) {
  if (!address.startsWith(`${ROOT}/images/`)) return { src: address };
  return { srcset: WIDTHS.map((width) => `${address}?w=${width} ${width}w`).join(", "), sizes, src: `${address}?w=${WIDTHS.at(-1)}` };
}

/** A picture that falls back to the product's first letter where there is no file. */
export function picture(product, { sizes = ON_A_CARD, ...extra } = {}) {
  const blank = () => el("span", { class: "picture blank", "aria-hidden": "true" }, [...product.title][0] ?? "?");
  if (!product.image) return blank();
  const said = product.alt ? { alt: product.alt.text, lang: product.alt.language } : { alt: product.title };
  const image = el("img", { class: "picture", loading: "lazy", ...said, ...extra, ...inWidths(product.image, sizes) });
  image.addEventListener("error", () => image.replaceWith(blank()), { once: true });
  return image;
}

export function price(product) {
  const amount = money(product.price_minor, product.currency);
  if (!amount) return null;
  return el("span", { class: "price" }, product.price_varies ? `from ${amount}` : amount);
}

export const badge = (product) =>
  product.buyable ? null : el("span", { class: "badge" }, product.availability_words);

/** The heart: on the wish list, and off it again. Its event changes the rails on this very page. */
export function heart(product, afterEvent) {
  const on = wished(product.id);
  const button = el("button", { type: "button", class: "heart", "data-wish": product.id, "aria-label": `Wish for ${product.title}`, "aria-pressed": String(on) }, icon(HEART));
  button.addEventListener("click", async () => {
    try {
      const now = await toggle(product.id);
      say(now ? `${product.title} is on your wish list.` : `${product.title} is off your wish list.`);
      await afterEvent();
    } catch (error) {
      say(error.message);
    }
  });
  return button;
}

/** What stands in a card's place until it is known, as high as a card. */
export const ghost = () =>
  el("li", { class: "card ghost", "aria-hidden": "true" }, el("div", { class: "card-picture" }), el("p", { class: "card-title" }), el("p", { class: "card-line" }));

/** As many as a screen may show. */
export const ghosts = (number) => Array.from({ length: number }, ghost);

/**
 * A list item. `reason` is the sentence under the card, `recommendationId` the answer it came in, `afterEvent` is
 * awaited after the heart's event is stored, `first` are those seen at once,
 * and `level` is that of the title among the page's headings.
 */
export function card(product, { reason = "", recommendationId = null, afterEvent = async () => {}, first = false, level = "h3" } = {}) {
  const link = el("a", { class: "card-link", href: productLink(product.id) }, product.title);
  if (recommendationId) link.addEventListener("click", () => credit(product.id, recommendationId));
  return el(
    "li",
    { class: product.buyable ? "card" : "card gone", "data-id": product.id },
    el("div", { class: "card-picture" }, picture(product, { ...(product.alt ? {} : { alt: "" }), ...(first ? { loading: "eager", fetchpriority: "high" } : {}) }), badge(product)),
    el(level, { class: "card-title" }, link),
    el("p", { class: "card-line" }, el("span", { class: "brand" }, product.brand ?? ""), price(product)),
    reason ? el("p", { class: "reason", title: reason }, reason) : null,
    heart(product, afterEvent),
  );
}
