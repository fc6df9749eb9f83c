// What a page of the public storefront does beside showing itself: it asks once whether the visitor may be remembered,
// says who is logged in where the shop's server signed it, tells what was searched for, and fills the rows that are the
// visitor's own. All of it goes through the pixel, with the publishable key of the page (docs/keys.md).
"use strict";
(() => {
  const { root, widths, consent, yes, no } = document.body.dataset;
  const NO = "bottega_no";
  const read = (name) => {
    try { return localStorage.getItem(name); } catch (error) { return null; }
  };
  const keep = (name, value) => {
    try { if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); } catch (error) { /* forbidden */ }
  };

  // Elements of texts, never of markup.
  const make = (tag, given, ...inside) => {
    const element = document.createElement(tag);
    Object.entries(given).forEach(([name, value]) => {
      if (name === "onclick") element.addEventListener("click", value);
      else if (value !== undefined) element.setAttribute(name, value);
    });
    element.append(...inside.filter((one) => one));
    return element;
  };

  // Who is logged in: a cookie of the shop's server, <until>.<hex>.<shopper id>, as docs/publish.md says.
  const signed = () => {
    const found = document.cookie.split("; ").find((one) => one.startsWith("bottega_shopper="));
    const parts = /^(\d+\.[0-9a-f]{64})\.(.+)$/.exec(found ? found.slice(16) : "");
    try { return parts && { signature: parts[1], shopper: decodeURIComponent(parts[2]) }; } catch (error) { return null; }
  };
  const who = signed();
  const talk = document.getElementById("assistant");
  if (who) {
    bottega("shopper", who.shopper, who.signature);
    talk.dataset.shopper = who.shopper;
    talk.dataset.signature = who.signature;
  } else {
    bottega("shopper");
  }

  const banner = () => {
    if (document.querySelector(".ask")) return;
    const say = (given) => () => {
      keep(NO, given ? null : "1");
      bottega("consent", given);
      box.remove();
      choice.hidden = false;
      if (given) searched();
      rails();
    };
    const box = make("section", { class: "ask", "aria-label": consent }, make("p", {}, consent),
      make("button", { type: "button", class: "plain", onclick: say(true) }, yes),
      make("button", { type: "button", class: "plain", onclick: say(false) }, no));
    document.body.append(box);
  };
  const choice = document.getElementById("choice");
  choice.addEventListener("click", banner);

  const searched = () => {
    const element = document.querySelector("[data-searched]");
    if (element) bottega("search", element.dataset.searched);
  };

  const amount = (product) => {
    if (product.price_minor === null || product.price_minor === undefined || !product.currency) return "";
    const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: product.currency });
    return format.format(product.price_minor / 10 ** format.resolvedOptions().maximumFractionDigits);
  };
  const picture = (product) => {
    const first = product.images[0];
    if (!first) return make("span", { class: "blank", "aria-hidden": "true" }, [...product.title][0]);
    if (/^https?:\/\//i.test(first)) return make("img", { src: first, alt: "", loading: "lazy", referrerpolicy: "no-referrer" });
    const path = root + "/images/" + first.replace(/^\/+/, "").split("/").map(encodeURIComponent).join("/");
    return make("img", { src: path + "?w=320", alt: "", loading: "lazy", sizes: "(max-width: 700px) 42vw, 210px",
      srcset: widths.split(" ").map((width) => `${path}?w=${width} ${width}w`).join(", ") });
  };
  const card = ({ product, product_id, reasons }) =>
    make("li", { class: "card" }, make("div", { class: "frame" }, picture(product)),
      make("h3", {}, make("a", { href: `${root}/product?${new URLSearchParams({ id: product_id })}`,
        "data-bottega-click": product_id }, product.title)),
      make("p", { class: "price" }, amount(product)),
      reasons.length ? make("p", { class: "reason" }, reasons[0].text) : "");

  const rails = () => {
    document.querySelectorAll("[data-rail]").forEach((rail) => {
      const { rail: placement, product, title, else: instead } = rail.dataset;
      const asked = { placement, n: 12, return_product: true };
      if (product) asked.product_ids = [product];
      bottega("ask", "recommendations", asked, (answer) => {
        if (!answer.items || !answer.items.length) { rail.hidden = true; return; }
        rail.dataset.bottegaList = answer.recommendation_id;
        const strange = /^(popular|no_consent|store_unavailable)/.test(answer.fallback || "");
        rail.replaceChildren(make("h2", {}, strange && instead ? instead : title),
          make("ul", { tabindex: "0", "aria-label": title }, ...answer.items.filter((one) => one.product).map(card)));
        rail.hidden = false;
      }).catch(() => { rail.hidden = true; });
    });
  };

  if (read("bottega")) { choice.hidden = false; searched(); }
  else if (read(NO)) choice.hidden = false;
  else banner();
  rails();
})();
