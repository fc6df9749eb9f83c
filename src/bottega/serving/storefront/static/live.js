// Glasses and lipstick before the visitor's own camera. Everything that is needed comes before the camera is opened;
// from then on nothing is asked for and nothing is sent: pictures are looked at in this browser and drawn over.

import { el, empty } from "./dom.js";
import { mountAgain } from "./rails.js";
import { eyesOf, faces, followed, frameOf, readModel } from "./face_finder.js";

const ROOT = document.body.dataset.root;
const LOOK_PX = 320;
const LEAST_PX = 24;
const MOST_YAW = 35;
const AGAIN_MS = 1500;
const PATIENCE_MS = 700;
const FOREHEAD = 34;
const CHIN = 35;
const EARS = [36, 37];
const TEMPLES = [38, 39];
const BRIDGE = 12;
const LIPS = { outer: [14, 26], inner: [26, 34] };
const STRENGTH = 0.75;

const SAID = {
  none: "No face is found well enough. Look into the camera, with your whole face in even light.",
  several: "Several people are in the picture. One at a time, please.",
  small: "Your face is small in the picture. Come nearer.",
  aside: "Your face is turned aside. Look into the camera.",
  found: "There you are. Nothing of this leaves your device.",
};

export async function live(stage, id) {
  mountAgain([]); // rows of another page would ask the server anew
  const said = el("p", { class: "caption", role: "status", id: "live-said" }, "Getting everything ready …");
  const view = el("canvas", { class: "live-view", id: "live-view", width: 640, height: 480, role: "img", "aria-label": "You, with what you try on" });
  const open = el("button", { type: "button", class: "button", disabled: true, onclick: () => start() }, "Open the camera");
  const close = el("button", { type: "button", class: "button quiet", hidden: true, onclick: () => stop() }, "Close the camera");
  const title = el("h1", {}, "Before your camera");
  const promise = el("p", {}, "The pictures of your camera stay on this device: they are looked at in this page, nothing is sent and nothing is kept.");
  const mark = el("p", { class: "small" }, "What you try on is laid over the picture by a computer. It shows roughly how it looks, and says nothing of how it fits.");
  const back = el("a", { class: "button quiet", href: id ? `#/product?${new URLSearchParams({ id })}` : "#/" }, id ? "Back to the product" : "See everything");
  stage.replaceChildren(title, promise, el("div", { class: "live-buttons" }, open, close, back), said, view, mark);
  view.hidden = mark.hidden = true;
  if (!id) {
    said.textContent = "Choose glasses or a lipstick first.";
    return;
  }
  let model;
  let piece;
  try {
    [model, piece] = await Promise.all([finder(), wanted(id)]);
  } catch (error) {
    stage.replaceChildren(title, empty(error.message, back));
    return;
  }
  title.textContent = piece.title;
  said.textContent = "Ready.";
  open.disabled = false;
  let stream = null;

  async function start() {
    open.disabled = true;
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "user" }, audio: false });
    } catch (error) {
      open.disabled = false;
      said.textContent = error.name === "NotAllowedError" ? "The camera is not allowed here. Allow it in the browser's settings of this page." : "No camera is found. Pages that are not on this machine need https for it.";
      return;
    }
    const video = el("video", { playsinline: true, muted: true });
    video.muted = true;
    video.srcObject = stream;
    await video.play();
    open.hidden = true;
    close.hidden = false;
    view.hidden = mark.hidden = false;
    close.focus();
    const going = () => stream !== null && view.isConnected;
    requestAnimationFrame(() => view.scrollIntoView({ block: "nearest" }));
    run(video, view, { model, piece, going, tell: (key) => tell(said, key) }).finally(stop);
  }

  function stop() {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    view.hidden = mark.hidden = close.hidden = true;
    open.hidden = open.disabled = false;
    said.textContent = "The camera is closed.";
  }
}

function tell(said, key) {
  if (said.dataset.key === key) return;
  said.dataset.key = key;
  said.textContent = SAID[key];
}

async function got(path) {
  let response;
  try {
    response = await fetch(`${ROOT}/shop/api/${path}`);
  } catch {
    throw new Error("The shop's server does not answer. Is it still running?");
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => null);
  throw new Error(answer?.error?.message ?? `The server answered ${response.status}.`);
}

let known = null;
async function finder() {
  known ??= readModel(await (await got("face-finder")).arrayBuffer());
  return known;
}

async function wanted(id) {
  const piece = await (await got(`live-piece?${new URLSearchParams({ id })}`)).json();
  const [frame, tint] = await Promise.all([piece.frame, piece.tint].map((address) => (address ? loaded(address) : null)));
  return { ...piece, frame, tint };
}

function loaded(address) {
  const picture = new Image();
  picture.src = address;
  return picture.decode().then(() => picture);
}

/** Look, lay on, draw; until `going` says no. What the view's data says is for whoever tests it: pictures a second, state, eyes. */
async function run(video, view, { model, piece, going, tell }) {
  const small = document.createElement("canvas");
  const scale = LOOK_PX / Math.max(video.videoWidth, video.videoHeight);
  small.width = Math.round(video.videoWidth * scale);
  small.height = Math.round(video.videoHeight * scale);
  view.width = video.videoWidth;
  view.height = video.videoHeight;
  const looking = small.getContext("2d", { willReadFrequently: true });
  const pen = view.getContext("2d", { willReadFrequently: piece.cut === "lipstick" });
  let face = null;
  let searched = -AGAIN_MS;
  let seen = performance.now();
  let count = 0;
  let since = performance.now();
  while (going()) {
    const now = performance.now();
    looking.drawImage(video, 0, 0, small.width, small.height);
    pen.drawImage(video, 0, 0, view.width, view.height);
    const picture = looking.getImageData(0, 0, small.width, small.height);
    let key = "found";
    if (now - searched > (face ? AGAIN_MS : 0)) {
      const found = faces(model, picture);
      searched = now;
      if (found.length > 1 && found[1].at[2] > 0.5 * found[0].at[2]) key = "several";
      face = found[0] ? calm(found[0], face) : face && calm(followed(model, picture, face.points), face);
    } else if (face) face = calm(followed(model, picture, face.points), face);
    if (key === "found") key = refused(face);
    if (key === "found") {
      seen = now;
      lay(pen, piece, grown(face.points, 1 / scale));
      view.dataset.eyes = JSON.stringify(eyesOf(grown(face.points, 1 / scale)));
    }
    if (key === "found" || now - seen > PATIENCE_MS) tell(key);
    view.dataset.state = key;
    count += 1;
    if (now - since > 1000) {
      view.dataset.rate = ((1000 * count) / (now - since)).toFixed(1);
      count = 0;
      since = now;
    }
    await new Promise((done) => requestAnimationFrame(done));
  }
}

/** Why nothing is laid on a face; "found" where something is. */
function refused(face) {
  if (!face) return "none";
  const { points } = face;
  if (Math.hypot(points[2 * FOREHEAD] - points[2 * CHIN], points[2 * FOREHEAD + 1] - points[2 * CHIN + 1]) < LEAST_PX) return "small";
  return Math.abs(face.yaw) > MOST_YAW ? "aside" : "found";
}

/** A face that hardly moved moves half as far: its points do not tremble. */
function calm(face, before) {
  if (!face || !before) return face;
  const [x, y, size] = frameOf(face.points);
  const [bx, by] = frameOf(before.points);
  if (Math.hypot(x - bx, y - by) > 0.12 * size) return face;
  return { ...face, points: face.points.map((value, k) => (value + before.points[k]) / 2) };
}

const grown = (points, by) => points.map((value) => value * by);

export function lay(pen, piece, points) {
  if (piece.cut === "lipstick") lipstick(pen, piece.rgb, points);
  else glasses(pen, piece, points);
}

/** Where glasses lie: bridge, direction, reach to the left and right; the same rules as on a photo. */
export function eyeLine(points) {
  const [left, right] = eyesOf(points);
  const apart = Math.hypot(right[0] - left[0], right[1] - left[1]);
  const along = [(right[0] - left[0]) / apart, (right[1] - left[1]) / apart];
  const middle = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2];
  const bounded = (value, low, high) => Math.min(high, Math.max(low, value));
  const straight = (points[2 * BRIDGE] - middle[0]) * along[0] + (points[2 * BRIDGE + 1] - middle[1]) * along[1];
  const move = bounded(straight, -0.25 * apart, 0.25 * apart);
  const centre = [middle[0] + move * along[0], middle[1] + move * along[1]];
  const reach = TEMPLES.map((k) => Math.abs((points[2 * k] - centre[0]) * along[0] + (points[2 * k + 1] - centre[1]) * along[1]));
  const mean = bounded((reach[0] + reach[1]) / 2, 0.92 * apart, 1.3 * apart) * 0.98;
  const tilt = bounded((reach[1] - reach[0]) / Math.max(1e-6, reach[0] + reach[1]), -0.4, 0.4) * 0.5;
  return { centre, along, left: mean * (1 - tilt), right: mean * (1 + tilt) };
}

function glasses(pen, piece, points) {
  const { centre, along, left, right } = eyeLine(points);
  const { frame, tint } = piece;
  const half = frame.width / 2;
  const scale = (left + right) / frame.width;
  pen.save();
  pen.setTransform(along[0], along[1], -along[1], along[0], centre[0], centre[1]);
  pen.strokeStyle = `rgb(${piece.rgb.join(" ")})`;
  pen.lineWidth = Math.max(1, piece.hinge[1] * scale * 0.8);
  const at = (piece.hinge[0] - piece.eye_row) * scale;
  [[EARS[0], -1, left], [EARS[1], 1, right]].forEach(([ear, side, reach]) => {
    const x = points[2 * ear] - centre[0];
    const y = points[2 * ear + 1] - centre[1];
    const end = x * along[0] + y * along[1];
    if (side * end <= reach) return;
    const drop = Math.min(0.3 * side * end, Math.max(-0.3 * side * end, -x * along[1] + y * along[0])) / 2;
    pen.beginPath();
    pen.moveTo(side * (reach - 1), at);
    pen.lineTo(end, drop);
    pen.stroke();
  });
  const top = -piece.eye_row * scale;
  const tall = frame.height * scale;
  for (const [layer, way] of [[tint, "multiply"], [frame, "source-over"]]) {
    pen.globalCompositeOperation = way;
    pen.drawImage(layer, 0, 0, half, frame.height, -left, top, left, tall);
    pen.drawImage(layer, half, 0, half, frame.height, 0, top, right, tall);
  }
  pen.restore();
}

function lipstick(pen, rgb, points) {
  const [begin, end] = LIPS.outer;
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = begin; k < end; k += 1) {
    x0 = Math.min(x0, points[2 * k]);
    x1 = Math.max(x1, points[2 * k]);
    y0 = Math.min(y0, points[2 * k + 1]);
    y1 = Math.max(y1, points[2 * k + 1]);
  }
  const wide = x1 - x0;
  const air = Math.ceil(0.1 * wide) + 2;
  const left = Math.max(0, Math.floor(x0) - air);
  const top = Math.max(0, Math.floor(y0) - air);
  const width = Math.min(pen.canvas.width, Math.ceil(x1) + air) - left;
  const height = Math.min(pen.canvas.height, Math.ceil(y1) + air) - top;
  if (wide < 6 || width < 2 || height < 2) return;
  const mask = new OffscreenCanvas(width, height);
  const drawn = mask.getContext("2d", { willReadFrequently: true });
  const outline = new Path2D();
  const inner = points.slice(2 * LIPS.inner[0], 2 * LIPS.inner[1]);
  const rows = Array.from(inner).filter((_, k) => k % 2);
  const open = Math.max(...rows) - Math.min(...rows) > 0.06 * wide;
  for (const [from, to] of open ? [LIPS.outer, LIPS.inner] : [LIPS.outer]) {
    for (let k = from; k < to; k += 1) outline[k === from ? "moveTo" : "lineTo"](points[2 * k] - left, points[2 * k + 1] - top);
    outline.closePath();
  }
  drawn.filter = `blur(${Math.max(0.5, 0.02 * wide)}px)`;
  drawn.fill(outline, "evenodd");
  const share = drawn.getImageData(0, 0, width, height).data;
  const picture = pen.getImageData(left, top, width, height);
  const { data } = picture;
  const lights = [];
  const lab = new Float32Array(3 * width * height);
  for (let k = 0; k < width * height; k += 1) {
    if (!share[4 * k + 3]) continue;
    const found = toLab(data[4 * k], data[4 * k + 1], data[4 * k + 2]);
    lab.set(found, 3 * k);
    if (share[4 * k + 3] > 200) lights.push(found[0]);
  }
  const usual = lights.sort((a, b) => a - b)[lights.length >> 1] ?? 50;
  const asked = toLab(...rgb);
  for (let k = 0; k < width * height; k += 1) {
    const weight = (share[4 * k + 3] / 255) * STRENGTH;
    if (!weight) continue;
    const [light, red, yellow] = lab.subarray(3 * k, 3 * k + 3);
    const gloss = 1 - 0.5 * Math.min(1, Math.max(0, (light - usual) / 40));
    const colour = [light + 0.75 * (asked[0] - usual), asked[1] * gloss, asked[2] * gloss];
    const mixed = [light, red, yellow].map((value, c) => value * (1 - weight) + colour[c] * weight);
    data.set(toRgb(...mixed), 4 * k);
  }
  pen.putImageData(picture, left, top);
}

const WHITE = [0.95047, 1, 1.08883];

function toLab(red, green, blue) {
  const [r, g, b] = [red, green, blue].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  const f = [0.4124564 * r + 0.3575761 * g + 0.1804375 * b, 0.2126729 * r + 0.7151522 * g + 0.072175 * b, 0.0193339 * r + 0.119192 * g + 0.9503041 * b]
    .map((value, k) => value / WHITE[k])
    .map((value) => (value > 216 / 24389 ? Math.cbrt(value) : (841 / 108) * value + 4 / 29));
  return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])];
}

function toRgb(light, red, yellow) {
  const y = (light + 16) / 116;
  const [X, Y, Z] = [y + red / 500, y, y - yellow / 200].map((value, k) => WHITE[k] * (value > 6 / 29 ? value ** 3 : (108 / 841) * (value - 4 / 29)));
  return [3.2404542 * X - 1.5371385 * Y - 0.4985314 * Z, -0.969266 * X + 1.8760108 * Y + 0.041556 * Z, 0.0556434 * X - 0.2040259 * Y + 1.0572252 * Z].map(
    (value) => Math.round(255 * (value <= 0.0031308 ? 12.92 * Math.max(0, value) : Math.min(1, 1.055 * value ** (1 / 2.4) - 0.055))),
  );
}
