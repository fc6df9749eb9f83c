// Bottega's dressing room on a product's page: try it on, see it on a model, turn it; as far as the product can have it.
//
// Everything that comes from the shop is put in as text, never as HTML. A photo goes to the route that puts the piece
// on it, and nowhere else; nothing is kept here. docs/dressing-room.md says how to use it.
if (!script || window.bottegaDressingRoom) return;
const base = told.base || server + "/v1/studio";

const WORDS = {
  en: { title: "See it worn", you: "Try it on", photo: "A photo of you", model: "See it on a model", who: "Model", turn: "Turn it",
    about: "One person, seen from the front. The shop deletes your photo when the picture is made.",
    drawn: "Nobody that you see on models exists: the figures are drawn.",
    trying: "Putting it on you …", dressing: "Dressing …", turning: "Turning …",
    made: "This picture was made by a computer. It shows roughly how it looks, and says nothing of how it fits.",
    solid: "Drawn from the shop's 3D model of it.", around: "Made by a computer from one photo, as far around as that may be trusted.",
    worn: "worn; a picture made by a computer", save: "Save it", away: "Throw it away", front: "from the front",
    left: (n) => `${n} degrees from its left`, right: (n) => `${n} degrees from its right`,
    failed: "That did not work.", cannot: "The shop's photo of it cannot carry this.", gone: "No answer came. Try again.",
    unsure: "Its shape is not told surely enough to turn it." },
  de: { title: "Angezogen sehen", you: "Anprobieren", photo: "Ein Foto von Ihnen", model: "An einem Model zeigen", who: "Model", turn: "Drehen",
    about: "Eine Person, von vorn gesehen. Der Shop löscht Ihr Foto, sobald das Bild gemacht ist.",
    drawn: "Niemanden, den Sie als Model sehen, gibt es: Die Figuren sind gezeichnet.",
    trying: "Wird Ihnen angezogen …", dressing: "Wird angezogen …", turning: "Wird gedreht …",
    made: "Dieses Bild hat ein Computer gemacht. Es zeigt ungefähr, wie es aussieht, und sagt nichts darüber, wie es sitzt.",
    solid: "Gezeichnet nach dem 3D-Modell des Shops.", around: "Von einem Computer aus einem Foto gemacht, so weit herum, wie man dem trauen kann.",
    worn: "angezogen; ein Bild, das ein Computer gemacht hat", save: "Speichern", away: "Verwerfen", front: "von vorn",
    left: (n) => `${n} Grad von links`, right: (n) => `${n} Grad von rechts`,
    failed: "Das ging nicht.", cannot: "Das Foto des Shops reicht dafür nicht.", gone: "Es kam keine Antwort. Versuchen Sie es noch einmal.",
    unsure: "Seine Form ist nicht sicher genug zu erkennen, um es zu drehen." },
  fr: { title: "Le voir porté", you: "L'essayer", photo: "Une photo de vous", model: "Le voir sur un modèle", who: "Modèle", turn: "Le tourner",
    about: "Une seule personne, vue de face. La boutique supprime votre photo dès que l'image est faite.",
    drawn: "Personne de ces modèles n'existe : les figures sont dessinées.",
    trying: "Essayage …", dressing: "Habillage …", turning: "Rotation …",
    made: "Cette image a été faite par un ordinateur. Elle montre à peu près l'effet, et ne dit rien de la taille.",
    solid: "Dessiné d'après le modèle 3D de la boutique.", around: "Fait par un ordinateur à partir d'une photo, aussi loin que l'on peut s'y fier.",
    worn: "porté ; une image faite par un ordinateur", save: "Enregistrer", away: "Jeter", front: "de face",
    left: (n) => `${n} degrés depuis sa gauche`, right: (n) => `${n} degrés depuis sa droite`,
    failed: "Cela n'a pas marché.", cannot: "La photo de la boutique ne le permet pas.", gone: "Aucune réponse. Réessayez.",
    unsure: "Sa forme n'est pas assez sûre pour le tourner." },
  es: { title: "Verlo puesto", you: "Probárselo", photo: "Una foto suya", model: "Verlo en un modelo", who: "Modelo", turn: "Girarlo",
    about: "Una sola persona, vista de frente. La tienda borra su foto en cuanto la imagen está hecha.",
    drawn: "Ninguno de los modelos existe: las figuras están dibujadas.",
    trying: "Probando …", dressing: "Vistiendo …", turning: "Girando …",
    made: "Esta imagen la hizo un ordenador. Muestra más o menos cómo queda, y no dice nada de la talla.",
    solid: "Dibujado a partir del modelo 3D de la tienda.", around: "Hecho por un ordenador a partir de una foto, hasta donde se puede confiar.",
    worn: "puesto; una imagen hecha por un ordenador", save: "Guardar", away: "Descartar", front: "de frente",
    left: (n) => `${n} grados desde su izquierda`, right: (n) => `${n} grados desde su derecha`,
    failed: "No ha funcionado.", cannot: "La foto de la tienda no da para esto.", gone: "No llegó respuesta. Inténtelo otra vez.",
    unsure: "Su forma no se reconoce con bastante seguridad para girarlo." },
  it: { title: "Vederlo indossato", you: "Provarlo", photo: "Una sua foto", model: "Vederlo su un modello", who: "Modello", turn: "Girarlo",
    about: "Una sola persona, vista di fronte. Il negozio cancella la sua foto appena l'immagine è fatta.",
    drawn: "Nessuno dei modelli esiste: le figure sono disegnate.",
    trying: "Prova in corso …", dressing: "Vestizione …", turning: "Rotazione …",
    made: "Questa immagine è stata fatta da un computer. Mostra all'incirca l'effetto, e non dice nulla della taglia.",
    solid: "Disegnato dal modello 3D del negozio.", around: "Fatto da un computer a partire da una foto, fin dove ci si può fidare.",
    worn: "indossato; un'immagine fatta da un computer", save: "Salva", away: "Scarta", front: "di fronte",
    left: (n) => `${n} gradi dalla sua sinistra`, right: (n) => `${n} gradi dalla sua destra`,
    failed: "Non ha funzionato.", cannot: "La foto del negozio non lo permette.", gone: "Nessuna risposta. Riprovi.",
    unsure: "La sua forma non si riconosce abbastanza bene per girarlo." },
};
const language = spoken(WORDS), words = WORDS[language];

const STYLE = `
:host { all: initial; display: block; --ink:#1d1b18; --soft:#6b655c; --line:#ddd6ca; --page:#fff; --deed:#235c4a;
  --on:#fff; --warn:#9a3412; color-scheme: light dark; }
:host([hidden]) { display: none; }
@media (prefers-color-scheme: dark) { :host { --ink:#f0ece5; --soft:#b3aca1; --line:#45413b; --page:#1d1b19;
  --deed:#8fd0b8; --on:#12211b; --warn:#fdba74; } }
* { box-sizing: border-box; font: 16px/1.45 system-ui, sans-serif; letter-spacing: normal; }
section { display: grid; gap: 14px; max-width: 640px; padding: 18px; color: var(--ink); background: var(--page);
  border: 1px solid var(--line); border-radius: 16px; min-width: 0; }
h2, p, figure, ul { margin: 0; } h2 { font-size: 18px; font-weight: 650; }
.ways { display: flex; flex-wrap: wrap; gap: 10px; align-items: end; }
label { display: grid; gap: 4px; min-width: 0; flex: 1 1 180px; } label span, .small, .small p, li { color: var(--soft); font-size: 14px; }
button, select, a { color: inherit; background: none; border: 1px solid var(--line); border-radius: 999px; min-height: 44px;
  padding: 9px 16px; cursor: pointer; text-decoration: none; }
select { width: 100%; min-width: 0; background: var(--page); }
.main { background: var(--deed); color: var(--on); border-color: transparent; font-weight: 600; }
button:focus-visible, select:focus-visible, input:focus-visible, a:focus-visible { outline: 3px solid var(--deed); outline-offset: 2px; }
[hidden] { display: none !important; }
figure { display: grid; gap: 8px; justify-items: start; min-width: 0; }
img, canvas { display: block; max-width: 100%; height: auto; max-height: 82vh; border-radius: 12px; }
canvas { width: min(100%, 384px); background: #fff; touch-action: pan-y; cursor: ew-resize; }
input[type=range] { width: min(100%, 384px); min-height: 44px; accent-color: var(--deed); }
ul { padding-left: 1.2em; }
.bad { color: var(--warn); }
[aria-busy=true] .shown { opacity: .5; }`;

const { host, root } = housed("dressing-room", language, STYLE);
const title = make("h2", {}, words.title);
const ways = make("div", { class: "ways" });
const notes = make("div", { class: "small" });
const state = make("p", { class: "small", role: "status" });
const shown = make("div", { class: "shown", "aria-live": "polite" });
const section = make("section", { "aria-label": words.title }, title, ways, notes, state, shown);
root.append(section);

const call = async (path, body) => {
  const headers = { Accept: "application/json", ...(told.key ? { "X-API-Key": told.key } : {}) };
  if (body && !(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  const response = await fetch(base + path, { method: body ? "POST" : "GET", headers, body });
  const answer = await response.json();
  if (!response.ok) throw answer.error;
  return answer;
};
const bytes = (content) => Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
const said = (product, fields) =>
  Object.entries({ ...who(), ...fields, ...product }).filter(([, value]) => value !== undefined && value !== null);

// What the shop says itself it says in English, wherever it is read.
const theirs = (text) => make("span", { lang: "en" }, text);
const tell = (text, bad, reason) => {
  state.className = bad ? "small bad" : "small";
  state.replaceChildren(text, ...(reason ? [" ", theirs(reason)] : []));
};
let asked = 0, kept = ""; // the newest question, for an older answer is not shown; the address of the picture
const clear = () => {
  shown.replaceChildren();
  if (kept) URL.revokeObjectURL(kept);
  kept = "";
};
const ask = async (waiting, work, ofTheShop) => {
  const mine = ++asked;
  tell(waiting);
  section.setAttribute("aria-busy", "true");
  try {
    const found = await work();
    if (mine !== asked) return;
    clear();
    const element = await found();
    if (mine !== asked) return;
    tell("");
    shown.replaceChildren(element);
    element.scrollIntoView({ block: "nearest" });
    const slider = element.querySelector("input");
    if (slider) slider.focus({ preventScroll: true });
  } catch (error) {
    if (mine !== asked) return;
    clear();
    if (error === words.unsure) tell(error, true);
    else if (!error || !error.code) tell(words.gone, true);
    else if (ofTheShop && error.code === "photo_refused") tell(words.cannot, true, error.seen);
    else tell(words.failed, true, error.message);
  } finally {
    if (mine === asked) section.removeAttribute("aria-busy");
  }
};

// A picture that was made, what to know of it, and what may be done with it.
const picture = (answer, from) => async () => {
  kept = URL.createObjectURL(new Blob([bytes(answer.content)], { type: "image/jpeg" }));
  const image = make("img", { src: kept, width: answer.width, height: answer.height, alt: words.worn });
  await image.decode().catch(() => {}); // as tall as it will be, so that it comes into view whole
  return make("figure", {}, image, make("figcaption", { class: "small" }, words.made),
    answer.notes.length ? make("ul", { lang: "en" }, ...answer.notes.map((note) => make("li", {}, note))) : "",
    make("div", { class: "ways" },
      make("a", { href: kept, download: "picture.jpg" }, words.save),
      make("button", { type: "button", onclick: () => { clear(); from.focus(); } }, words.away)));
};

// Frames on one sheet, moved by a slider, by keys, or by dragging. What is not to be trusted is not shown.
const turned = (answer) => async () => {
  const frames = answer.angles.map((angle, place) => ({ angle, place })).filter((one) => answer.trusted[one.place]);
  if (frames.length < 2) throw words.unsure;
  const sheet = await createImageBitmap(new Blob([bytes(answer.frames)], { type: "image/webp" }));
  const canvas = make("canvas", { width: answer.width, height: answer.height, "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  const first = frames.reduce((best, one, place) => (Math.abs(one.angle) < Math.abs(frames[best].angle) ? place : best), 0);
  const slider = make("input", { type: "range", min: "0", max: String(frames.length - 1), step: "1", "aria-label": words.turn });
  const draw = () => {
    const { angle, place } = frames[Number(slider.value)];
    const x = (place % answer.columns) * answer.width, y = Math.floor(place / answer.columns) * answer.height;
    const degrees = Math.round(angle);
    pen.clearRect(0, 0, answer.width, answer.height);
    pen.drawImage(sheet, x, y, answer.width, answer.height, 0, 0, answer.width, answer.height);
    slider.setAttribute("aria-valuetext",
      degrees === 0 ? words.front : degrees < 0 ? words.left(-degrees) : words.right(degrees));
  };
  const go = (to) => {
    const count = frames.length;
    slider.value = String(answer.full ? ((to % count) + count) % count : Math.min(count - 1, Math.max(0, to)));
    draw();
  };
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, at: Number(slider.value) };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (held) go(held.at - Math.round(((event.clientX - held.x) / canvas.clientWidth) * frames.length));
  });
  ["pointerup", "pointercancel"].forEach((end) => canvas.addEventListener(end, () => { held = null; }));
  slider.addEventListener("input", draw);
  go(first);
  return make("figure", {}, canvas, slider, make("figcaption", { class: "small" },
    answer.shape === "own_model" ? words.solid : words.around,
    answer.notes.length ? theirs(" " + answer.notes.join(" ")) : ""));
};

// The ways that a product has.
const onYou = (id) => {
  const file = make("input", { type: "file", accept: "image/*", hidden: "", tabindex: "-1", "aria-label": words.photo });
  const button = make("button", { type: "button", class: "main", onclick: () => file.click() }, words.you);
  file.addEventListener("change", () => {
    const [photo] = file.files;
    file.value = "";
    if (!photo) return;
    ask(words.trying, async () => {
      const form = new FormData();
      said({ product_id: id }).forEach(([name, value]) => form.append(name, value));
      form.append("photo", photo);
      return picture(await call("/try-on", form), button);
    });
  });
  return [button, file];
};
const onModel = (id, models) => {
  const select = make("select", {}, ...models.map((one) =>
    make("option", { value: one.name, lang: "en" }, one.name[0].toUpperCase() + one.name.slice(1) + ", " + one.says)));
  const button = make("button", { type: "button", onclick: () => ask(words.dressing, async () =>
    picture(await call("/dress", Object.fromEntries(said({ products: [id] }, { model: select.value }))), button), true) }, words.model);
  return [make("label", {}, make("span", {}, words.who), select), button];
};
const around = (id) => [make("button", { type: "button", onclick: () =>
  ask(words.turning, async () => turned(await call("/turn", { product_id: id })), true) }, words.turn)];

// The dressing room of a product; where it can do nothing with it, nothing is seen.
let product = null;
const show = async (id) => {
  product = id;
  asked += 1;
  host.hidden = true;
  clear();
  tell("");
  if (!id) return;
  const found = await call("/fittings?" + new URLSearchParams({ product_id: id })).catch(() => null);
  if (!found || product !== id) return;
  ways.replaceChildren(...(found.try_on ? onYou(id) : []), ...(found.turn ? around(id) : []),
    ...(found.models.length ? onModel(id, found.models) : []));
  notes.replaceChildren(...[found.try_on && words.about, found.models.length && words.drawn].filter(Boolean).map((text) => make("p", {}, text)));
  host.hidden = !ways.childElementCount;
};
window.bottegaDressingRoom = { show };
const put = () => {
  const place = told.into && document.querySelector(told.into);
  if (place) place.append(host);
  else if (script.closest("body")) script.after(host);
  else document.body.append(host);
  return show(told.product);
};
if (document.readyState === "loading") addEventListener("DOMContentLoaded", put);
else put();
