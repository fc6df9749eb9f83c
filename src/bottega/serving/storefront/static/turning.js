// A product that turns: frames that the server drew on one sheet, moved by a slider, by keys, or by dragging.

import * as api from "./api.js";
import { el } from "./dom.js";

/** A button below a product's picture; the frames are asked for when it is pressed, and only then. */
export function turner(chosen) {
  const place = el("div", { class: "turner" });
  const button = el("button", { type: "button", class: "button quiet" }, "Turn it");
  const told = el("p", { class: "small", role: "status" });
  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    told.textContent = "Turning …";
    told.classList.remove("wrong");
    try {
      const view = await turning(chosen, await api.turn(chosen.id));
      place.replaceChildren(view);
      view.querySelector("input").focus({ preventScroll: true });
    } catch (error) {
      told.textContent = api.ofTheShopsPhoto(error);
      told.classList.add("wrong");
      button.ariaBusy = "false";
    }
  });
  place.append(button, told);
  return place;
}

async function turning(chosen, answer) {
  // What is not to be trusted is not shown.
  const frames = answer.angles.map((angle, place) => ({ angle, place })).filter((one) => answer.trusted[one.place]);
  if (frames.length < 2) throw new Error("Its shape is not told surely enough to turn it.");
  const sheet = new Image();
  sheet.src = `data:image/webp;base64,${answer.frames}`;
  await sheet.decode();
  const canvas = el("canvas", { width: answer.width, height: answer.height, "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  const first = frames.reduce((best, one, place) => (Math.abs(one.angle) < Math.abs(frames[best].angle) ? place : best), 0);
  const words = (place) => {
    const degrees = Math.round(frames[place].angle);
    return degrees === 0 ? "from the front" : `${Math.abs(degrees)} degrees from its ${degrees < 0 ? "left" : "right"}`;
  };
  const range = el("input", { type: "range", min: 0, max: frames.length - 1, step: 1, value: first, "aria-label": `Turn ${chosen.title}` });
  const draw = () => {
    const { place } = frames[Number(range.value)];
    const [x, y] = [(place % answer.columns) * answer.width, Math.floor(place / answer.columns) * answer.height];
    pen.clearRect(0, 0, answer.width, answer.height);
    pen.drawImage(sheet, x, y, answer.width, answer.height, 0, 0, answer.width, answer.height);
    range.setAttribute("aria-valuetext", words(Number(range.value)));
    canvas.dataset.angle = frames[Number(range.value)].angle;
  };
  const go = (to) => {
    const count = frames.length;
    range.value = answer.full ? ((to % count) + count) % count : Math.min(count - 1, Math.max(0, to));
    draw();
  };
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, at: Number(range.value) };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (held) go(held.at - Math.round(((event.clientX - held.x) / canvas.clientWidth) * frames.length));
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { held = null; });
  range.addEventListener("input", draw);
  draw();
  const made = answer.shape === "own_model" ? "Drawn from the shop's 3D model of it." : "Made by a computer from one photo, as far around as that may be trusted.";
  return el("figure", { class: "turning" }, canvas, range, el("figcaption", { class: "small" }, made, ...answer.notes.map((note) => ` ${note}`)));
}
