// A picture or a song of the visitor's own on a product: chosen, laid with simple controls, seen from three angles.

import * as api from "./api.js";
import { el } from "./dom.js";

const WAIT_MS = 250; // so long after the last move of a control the picture is laid anew
const CONTROLS = [
  ["scale", "Size", 0.2, 3, 0.05, 1, (value) => `${Math.round(value * 100)} %`],
  ["x", "Left and right", -0.6, 0.6, 0.02, 0, (value) => `${Math.round(value * 100)} %`],
  ["y", "Up and down", -0.6, 0.6, 0.02, 0, (value) => `${Math.round(value * 100)} %`],
  ["rotate", "Turn", -180, 180, 5, 0, (value) => `${value}°`],
];

/** The part of a product's page that makes it the visitor's own. `add(design)` puts it into the cart. */
export function customiser(chosen, add) {
  const laid = { fit: "fill", scale: 1, x: 0, y: 0, rotate: 0 };
  const stage = el("div", { class: "design-stage" });
  const angles = el("div", { class: "design-angles", role: "group", "aria-label": "Angles" });
  const told = el("p", { class: "small", role: "status" });
  const controls = el("div", { class: "design-controls", hidden: true });
  const buy = el("button", { type: "button", class: "button", hidden: true }, "Add to cart with this");
  let design = null; // the answer that is shown
  let angle = 0;
  let asked = 0; // number of the newest question: an older answer is not shown

  async function ask(fields, waiting) {
    const mine = ++asked;
    tell(waiting);
    section.ariaBusy = "true";
    try {
      const answer = await api.customise({ ...fields, ...laid });
      if (mine !== asked) return;
      design = answer;
      show();
    } catch (error) {
      if (mine !== asked) return;
      tell(error.message, true);
      seen(design !== null); // controls of nothing would do nothing
    } finally {
      if (mine === asked) section.ariaBusy = "false";
    }
  }

  function tell(text, wrong = false) {
    told.textContent = text;
    told.classList.toggle("wrong", wrong);
  }

  function seen(yes) {
    stage.hidden = angles.hidden = controls.hidden = !yes;
  }

  function show() {
    const { previews, warning } = design;
    const address = (preview) => `data:image/webp;base64,${preview.content}`;
    angle = Math.min(angle, previews.length - 1);
    const [width, height] = [previews[angle].width_px, previews[angle].height_px];
    stage.replaceChildren(el("img", { src: address(previews[angle]), width, height, alt: `Your design, seen ${previews[angle].angle}` }));
    const held = document.activeElement?.closest(".design-angles") !== null && document.activeElement !== document.body;
    angles.replaceChildren(...previews.map((preview, place) =>
      el("button", { type: "button", class: "design-angle", "aria-pressed": String(place === angle), "aria-label": preview.angle, onclick: () => { angle = place; show(); } },
        el("img", { src: address(preview), width: 84, height: 84, alt: "" }))));
    if (held) angles.children[angle].focus();
    tell(warning ?? "");
    seen(true);
    buy.hidden = false;
  }

  let timer = 0;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => design && ask({ design_id: design.design_id }, "Laying it …"), WAIT_MS);
  };
  const ranges = CONTROLS.map(([name, label, min, max, step, value, words]) => {
    const shown = el("output", {}, words(value));
    const range = el("input", { type: "range", min, max, step, value });
    const reset = () => { range.value = laid[name] = value; shown.textContent = words(value); };
    range.addEventListener("input", () => {
      laid[name] = Number(range.value);
      shown.textContent = words(laid[name]);
      again();
    });
    return { node: el("label", { class: "design-range" }, el("span", {}, label), range, shown), reset };
  });
  const fits = [["fill", "Fill it"], ["fit", "Show all of it"]].map(([value, label]) =>
    el("label", { class: "variant" }, el("input", { type: "radio", name: "design-fit", value, checked: value === "fill", onchange: () => { laid.fit = value; again(); } }), el("span", {}, label)));
  const reset = el("button", { type: "button", class: "button quiet", onclick: () => { for (const one of ranges) one.reset(); again(); } }, "As it was");
  controls.append(el("fieldset", { class: "variants" }, el("legend", {}, "How it lies"), fits), ...ranges.map((one) => one.node), reset);

  const pick = (name, label, accept) => {
    const picker = el("input", { type: "file", accept, hidden: true, "aria-label": label });
    picker.addEventListener("change", () => {
      const [file] = picker.files;
      picker.value = "";
      if (!file) return;
      for (const one of ranges) one.reset();
      seen(true); // its place is there before the answer is, so nothing jumps
      ask({ product_id: chosen.id, [name]: file }, name === "song" ? "Listening to your song …" : "Putting your picture on it …");
    });
    return [el("button", { type: "button", class: "button quiet", onclick: () => picker.click() }, label), picker];
  };
  buy.addEventListener("click", async () => {
    if (buy.ariaBusy === "true" || !design) return;
    buy.ariaBusy = "true";
    await add(design);
    buy.ariaBusy = "false";
  });
  seen(false);
  const section = el(
    "section",
    { class: "design", "aria-label": "Make it yours" },
    el("h2", {}, "Make it yours"),
    el("p", { class: "small" }, "A picture of yours, or what a song looks like. The shop keeps it for your order, and drops it when you order nothing."),
    el("div", { class: "buy" }, ...pick("picture", "Use a picture", "image/*"), ...pick("song", "Use a song", "audio/*,.wav,.flac,.ogg,.mp3")),
    told,
    el("div", { class: "design-body" }, el("div", { class: "design-seen" }, stage, angles), controls),
    el("div", { class: "buy" }, buy),
  );
  if (!chosen.buyable) buy.disabled = true;
  return section;
}


