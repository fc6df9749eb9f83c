// The product page: large picture, words, variants, cart; and the two rails that start from this product.

import * as api from "./api.js";
import { badge, heart, picture, price } from "./cards.js";
import { el, empty, money, say } from "./dom.js";
import { categoryLink } from "./home.js";
import { likeLink } from "./like.js";
import { lookFor } from "./look.js";
import { Rail, mount, refreshRails } from "./rails.js";
import { reviewsOf } from "./reviews.js";
import { put } from "./visitor.js";

/** Show the product with this id (or the group with it), and tell the workshop that it was looked at. */
export async function product(page, id) {
  let found;
  try {
    found = await api.product(id);
  } catch (error) {
    if (error.status !== 404) throw error;
    page.replaceChildren(el("h1", {}, "Not here"), empty(error.message, el("a", { class: "button quiet", href: "#/" }, "See everything")));
    await mount([]);
    return;
  }
  let chosen = found.variants.find((variant) => variant.id === id) ?? found.variants.find((variant) => variant.buyable) ?? found.variants[0];
  const anchor = () => chosen.id;
  const otherKinds = found.category.length ? { filter: { not: { category: found.category.join(" > ") } } } : {}; // its likes stand in "Similar"
  const rails = [
    new Rail("goes-with", "Goes with this", () => ({ placement: "product", product_ids: [anchor()], ...otherKinds }), { about: id, quiet: true }),
    new Rail("similar", "Similar", () => ({ product_id: anchor() }), { ask: api.similar, about: id, quiet: true }),
  ];
  const body = el("article", { class: "product" });
  const reviews = reviewsOf(id);
  const draw = () => body.replaceChildren(...view(found, chosen, reviews.warning, (next) => {
    chosen = next;
    draw();
    fit();
    body.querySelector(`[name=variant]:checked`)?.focus();
  }));
  draw();
  const look = lookFor(() => ({ product_id: anchor() }));
  const own = el("div", { class: chosen.templates.length ? "design-place" : null });
  if (chosen.templates.length) {
    import("./customise.js") // few products take a picture, so the others do not wait for it
      .then(({ customiser }) => own.replaceChildren(customiser(chosen, (design) => addToCart(found, chosen, own, design))))
      .catch((error) => say(error.message));
  }
  const worn = el("div");
  const fit = async () => {
    const { id: mine } = chosen;
    const can = await api.fittings(mine).catch(() => null); // a product that nothing is known of is shown all the same
    if (mine !== chosen.id || !can) return;
    const parts = [];
    if (can.turn) parts.push((await import("./turning.js")).turner(chosen));
    if (can.try_on || can.models.length) parts.push((await import("./dressing.js")).dressingRoom(chosen, can));
    worn.replaceChildren(...parts.filter(Boolean));
  };
  page.replaceChildren(trail(found), body, worn, own, reviews.section, ...rails.map((rail) => rail.node), look);
  document.title = `${found.title} · ${document.body.dataset.name}`;
  try {
    await api.tell("view", { product_id: chosen.id });
  } catch (error) {
    say(error.message);
  }
  document.dispatchEvent(new Event("shop:event"));
  await Promise.all([mount(rails), reviews.fill(), fit()]);
}

function trail(found) {
  return el(
    "nav",
    { class: "trail", "aria-label": "Where you are" },
    el("a", { href: "#/" }, "Everything"),
    found.category.map((name, place) => [" / ", el("a", { href: categoryLink(found.category.slice(0, place + 1)) }, name)]).flat(),
  );
}

function view(found, chosen, warning, choose) {
  const buy = el("button", { type: "button", class: "button", disabled: !chosen.buyable }, chosen.buyable ? "Add to cart" : chosen.availability_words);
  buy.addEventListener("click", () => addToCart(found, chosen, buy));
  const facts = Object.entries(chosen.attributes);
  return [
    el("div", { class: "product-picture" }, picture(chosen, { loading: "eager", fetchpriority: "high", sizes: "(max-width: 760px) 66vw, 560px" }), badge(chosen), heart(chosen, refreshRails)),
    el(
      "div",
      { class: "product-words" },
      chosen.brand ? el("p", { class: "brand" }, chosen.brand) : null,
      el("h1", {}, found.title),
      el("p", { class: "product-price" }, money(chosen.price_minor, chosen.currency)),
      found.variants.length > 1 ? variants(found, chosen, choose) : null,
      warning,
      el("div", { class: "buy" }, buy, el("a", { class: "button quiet", href: likeLink(chosen.id) }, "Search by this product")),
      ...description(chosen),
      facts.length ? el("dl", { class: "facts" }, facts.map(([name, values]) => [el("dt", {}, name.replaceAll("_", " ")), el("dd", {}, values.join(", "))]).flat()) : null,
    ),
  ];
}

/** The merchant's words, and a switch that shows those written for the visitor in their place; off to begin with. */
function description(chosen) {
  const place = el("div", { class: "words", id: "words", "aria-live": "polite" });
  const everybodys = () => place.replaceChildren(...(chosen.description ? [el("p", { class: "description" }, chosen.description)] : []));
  const button = el("button", { type: "button", class: "own-text", "aria-pressed": "false", "aria-controls": "words" }, "Written for you");
  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") return;
    if (button.ariaPressed === "true") {
      button.ariaPressed = "false";
      return everybodys();
    }
    button.ariaBusy = "true";
    try {
      const { showOwnText } = await import("./own_text.js"); // few ask for it, so nobody waits for it
      const own = await showOwnText(place, chosen.id);
      if (!own && chosen.description) place.prepend(el("p", { class: "description" }, chosen.description));
      button.ariaPressed = "true";
    } catch (error) {
      say(error.message);
    } finally {
      button.ariaBusy = "false";
    }
  });
  everybodys();
  return [button, place];
}

/** A row of radio buttons, one a variant, named by what sets it apart. */
function variants(found, chosen, choose) {
  const legend = found.varies_by.length ? found.varies_by.join(" and ").replaceAll("_", " ") : "variant";
  return el(
    "fieldset",
    { class: "variants" },
    el("legend", {}, legend),
    found.variants.map((variant) =>
      el(
        "label",
        { class: variant.buyable ? "variant" : "variant gone", title: variant.buyable ? null : variant.availability_words },
        el("input", { type: "radio", name: "variant", checked: variant.id === chosen.id, onchange: () => choose(variant) }),
        el("span", {}, variant.label, variant.buyable ? null : el("span", { class: "unseen" }, ` (${variant.availability_words})`)),
      ),
    ),
  );
}

async function addToCart(found, chosen, button, design) {
  if (button.ariaBusy === "true") return; // a second press while the first is on its way; the button stays where the focus is
  button.ariaBusy = "true";
  try {
    await api.tell("add_to_cart", { product_id: chosen.id, quantity: 1, ...(design ? { design_id: design.design_id } : {}) });
    put({ id: chosen.id, title: found.title, label: found.variants.length > 1 ? chosen.label : "", price_minor: chosen.price_minor, currency: chosen.currency, image: chosen.image, ...(design ? { design: design.design_id, preview: await small(design.previews[0].content) } : {}) });
    say(`${found.title} is in your cart.`);
    await refreshRails();
  } catch (error) {
    say(error.message);
  } finally {
    button.ariaBusy = "false";
  }
}

/** A preview so small that a cart can keep it; nothing where the page cannot make one. */
async function small(content) {
  const image = new Image();
  image.src = `data:image/webp;base64,${content}`;
  try {
    await image.decode();
    const canvas = el("canvas", { width: 136, height: 136 });
    canvas.getContext("2d").drawImage(image, 0, 0, 136, 136);
    return canvas.toDataURL("image/jpeg", 0.8);
  } catch {
    return null;
  }
}
