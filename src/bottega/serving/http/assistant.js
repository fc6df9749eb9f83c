// Bottega's assistant on any page: a button that opens a panel, and in it a talk with products, pictures and persons.
//
// Everything that comes from the shop is put in as text, never as HTML. Nothing is kept but the id of the talk, for as
// long as the tab lives. docs/assistant.md says how to use it.
if (!script || window.bottegaAssistant) return;
const base = told.base || server + "/v1/assistant";
const pictures = told.images || server + "/images/";
const TALK = "bottega.talk", LOOK_MS = 4000, LOOK_SELDOM_MS = 15000;

const WORDS = {
  en: { open: "Ask us", title: "Ask the shop", close: "Close", say: "Your question", send: "Send", photo: "Send a photo",
    mic: "Speak", voice: "Read answers aloud", hello: "What are you looking for?", you: "You", shop: "Assistant",
    near: "close match", waiting: "A person has been asked to join. You can go on writing.", person: "now writes with you.",
    back: "The assistant answers again.", closed: "The talk is over. A new line begins it again.",
    gone: "No answer came. Try again.", sent: "Photo", fresh: "New message", log: "Conversation",
    about: "Name a thing, a colour or a price, or send a photo. This is a program; it can call a person.",
    tries: ["What can you suggest?", "Delivery and returns", "Talk to a person"], kept: "Kept for a person to answer.",
    said: { listing: "From the listing", reviews: "From reviews", policy: "From the shop's rules" } },
  de: { open: "Fragen", title: "Fragen Sie den Shop", close: "Schließen", say: "Ihre Frage", send: "Senden",
    photo: "Foto senden", mic: "Sprechen", voice: "Antworten vorlesen", hello: "Was suchen Sie?", you: "Sie",
    shop: "Assistent", near: "passt fast", waiting: "Jemand aus dem Team wurde gerufen. Sie können weiterschreiben.",
    person: "schreibt jetzt mit Ihnen.", back: "Der Assistent antwortet wieder.",
    closed: "Das Gespräch ist beendet. Eine neue Zeile beginnt es wieder.",
    gone: "Es kam keine Antwort. Versuchen Sie es noch einmal.", sent: "Foto", fresh: "Neue Nachricht", log: "Gespräch",
    about: "Nennen Sie ein Ding, eine Farbe oder einen Preis, oder senden Sie ein Foto. Dies ist ein Programm; es kann jemanden rufen.",
    tries: ["Was können Sie empfehlen?", "Lieferung und Rückgabe", "Mit einem Menschen sprechen"],
    kept: "Aufgehoben, bis jemand antwortet.",
    said: { listing: "Laut Angebot", reviews: "Laut Bewertungen", policy: "Aus den Regeln des Shops" } },
  fr: { open: "Une question ?", title: "Demandez à la boutique", close: "Fermer", say: "Votre question", send: "Envoyer",
    photo: "Envoyer une photo", mic: "Parler", voice: "Lire les réponses", hello: "Que cherchez-vous ?", you: "Vous",
    shop: "Assistant", near: "correspond presque", waiting: "Une personne a été appelée. Vous pouvez continuer à écrire.",
    person: "vous écrit maintenant.", back: "L'assistant répond de nouveau.",
    closed: "La conversation est terminée. Une nouvelle ligne la reprend.",
    gone: "Aucune réponse. Réessayez.", sent: "Photo", fresh: "Nouveau message", log: "Conversation",
    about: "Nommez un objet, une couleur ou un prix, ou envoyez une photo. Ceci est un programme ; il peut appeler une personne.",
    tries: ["Que me conseillez-vous ?", "Livraison et retours", "Parler à une personne"],
    kept: "Gardé jusqu'à ce que quelqu'un réponde.",
    said: { listing: "Selon la fiche", reviews: "Selon les avis", policy: "Selon les règles de la boutique" } },
  es: { open: "Pregunte", title: "Pregunte a la tienda", close: "Cerrar", say: "Su pregunta", send: "Enviar",
    photo: "Enviar una foto", mic: "Hablar", voice: "Leer las respuestas", hello: "¿Qué busca?", you: "Usted",
    shop: "Asistente", near: "casi coincide", waiting: "Se ha llamado a una persona. Puede seguir escribiendo.",
    person: "le escribe ahora.", back: "El asistente vuelve a responder.",
    closed: "La conversación ha terminado. Una nueva línea la reanuda.",
    gone: "No llegó respuesta. Inténtelo otra vez.", sent: "Foto", fresh: "Mensaje nuevo", log: "Conversación",
    about: "Nombre una cosa, un color o un precio, o envíe una foto. Esto es un programa; puede llamar a una persona.",
    tries: ["¿Qué me recomienda?", "Envío y devoluciones", "Hablar con una persona"],
    kept: "Guardado hasta que alguien responda.",
    said: { listing: "Según la ficha", reviews: "Según las opiniones", policy: "Según las normas de la tienda" } },
  it: { open: "Chieda", title: "Chieda al negozio", close: "Chiudi", say: "La sua domanda", send: "Invia",
    photo: "Invia una foto", mic: "Parla", voice: "Leggi le risposte", hello: "Che cosa cerca?", you: "Lei",
    shop: "Assistente", near: "corrisponde quasi", waiting: "È stata chiamata una persona. Può continuare a scrivere.",
    person: "ora le scrive.", back: "L'assistente risponde di nuovo.",
    closed: "La conversazione è finita. Una nuova riga la riprende.",
    gone: "Nessuna risposta. Riprovi.", sent: "Foto", fresh: "Nuovo messaggio", log: "Conversazione",
    about: "Dica una cosa, un colore o un prezzo, oppure invii una foto. Questo è un programma; può chiamare una persona.",
    tries: ["Che cosa mi consiglia?", "Consegna e resi", "Parlare con una persona"],
    kept: "Conservato finché qualcuno non risponde.",
    said: { listing: "Dalla scheda", reviews: "Dalle recensioni", policy: "Dalle regole del negozio" } },
};
let language = spoken(WORDS), words = WORDS[language];

const STYLE = `
:host { all: initial; --ink:#1d1b18; --soft:#6b655c; --line:#ddd6ca; --page:#fff; --mine:#f1ece3; --deed:#235c4a;
--on:#fff; --warn:#9a3412; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :host { --ink:#f0ece5; --soft:#b3aca1; --line:#45413b; --page:#1d1b19;
--mine:#2d2a26; --deed:#8fd0b8; --on:#12211b; --warn:#fdba74; } }
* { box-sizing: border-box; font: 16px/1.45 system-ui, sans-serif; letter-spacing: normal; }
.open, .panel { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; }
button { color: inherit; background: none; border: 1px solid var(--line); border-radius: 999px; min-height: 44px;
min-width: 44px; padding: 8px 14px; cursor: pointer; }
button:focus-visible, a:focus-visible, input:focus-visible, .log:focus-visible { outline: 3px solid var(--deed);
outline-offset: 2px; }
.open, .send { background: var(--deed); color: var(--on); border-color: transparent; font-weight: 600; }
.open { bottom: calc(20px + var(--bottega-up, 0px)); box-shadow: 0 4px 18px #0004; }
.panel { width: 400px; max-width: calc(100vw - 40px); height: 620px; max-height: calc(100vh - 40px); display: flex;
flex-direction: column; background: var(--page); color: var(--ink); border: 1px solid var(--line); border-radius: 16px;
box-shadow: 0 10px 40px #0005; overflow: hidden; animation: up .18s ease-out; }
@keyframes up { from { opacity: 0; transform: translateY(12px); } }
[hidden] { display: none !important; }
.head { display: flex; gap: 6px; align-items: center; padding: 10px 12px; border-bottom: 1px solid var(--line); }
h2 { margin: 0; flex: 1; font-weight: 650; }
.head button, .row button { padding: 8px; border-color: transparent; display: grid; place-items: center; }
[aria-pressed=true] { background: var(--mine); border-color: var(--deed); }
svg { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round;
stroke-linejoin: round; }
.log { flex: 1; overflow-y: auto; padding: 14px 12px; overscroll-behavior: contain; }
.log p { margin: 0 0 8px; overflow-wrap: anywhere; white-space: pre-line; }
.who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.mine { background: var(--mine); border-radius: 14px; padding: 8px 12px; margin: 8px 0 12px 40px !important; width: fit-content;
margin-left: auto !important; max-width: 85%; }
.person { border-left: 3px solid var(--deed); padding-left: 10px; }
.note, .src { color: var(--soft); font-size: 14px; }
.bad { color: var(--warn); }
ul { list-style: none; margin: 0 -12px 10px; padding: 3px 12px 8px; display: flex; gap: 8px; overflow-x: auto;
scroll-snap-type: x proximity; scroll-padding: 12px; }
li { flex: 0 0 156px; scroll-snap-align: start; display: grid; }
li > a, li > div { display: grid; align-content: start; gap: 2px; padding: 8px; border: 1px solid var(--line);
border-radius: 12px; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
li > a:hover b { text-decoration: underline; }
li img { width: 100%; height: 112px; object-fit: cover; border-radius: 8px; background: var(--mine); margin-bottom: 4px; }
li b { font-weight: 600; font-size: 14px; line-height: 1.35; } li span { color: var(--soft); font-size: 14px; }
li .price { color: var(--ink); }
.quick { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 10px; }
.quick button { border-color: var(--deed); }
.hello { font-size: 18px; font-weight: 600; }
.row { display: flex; gap: 4px; padding: 10px 12px; border-top: 1px solid var(--line); }
input { flex: 1; min-width: 0; min-height: 44px; color: inherit; background: var(--mine); border: 1px solid var(--soft);
border-radius: 999px; padding: 8px 14px; }
.busy::after { content: "…"; color: var(--soft); }
@media (max-width: 480px) { .panel { inset: 0; width: 100%; max-width: none; height: 100%; max-height: none; border: 0;
border-radius: 0; } }
@media (prefers-reduced-motion: reduce) { .panel { animation: none; } }`;

const DRAWN = {
  close: "M6 6l12 12M18 6L6 18",
  photo: "M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  mic: "M12 3.5a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0V6A2.5 2.5 0 0 1 12 3.5zM6.5 11a5.5 5.5 0 0 0 11 0M12 16.5V20",
  voice: "M4 10v4h3l5 4V6L7 10zM15.5 9.5a4 4 0 0 1 0 5M18 7a8 8 0 0 1 0 10",
  send: "M4 12h15M13 6l6 6-6 6",
};

const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", DRAWN[name]);
  svg.append(path);
  return svg;
};
const tool = (name, more, press) =>
  make("button", { type: "button", "aria-label": words[name], title: words[name], onclick: press, ...more }, icon(name));

const { host, root } = housed("assistant", language, STYLE);
const Hears = window.SpeechRecognition || window.webkitSpeechRecognition;
const speaks = "speechSynthesis" in window;
const log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.log, tabindex: "0" });
const field = make("input", { type: "text", "aria-label": words.say, placeholder: words.say, maxlength: "1000",
  autocomplete: "off", enterkeyhint: "send" });
const file = make("input", { type: "file", accept: "image/*", hidden: "", tabindex: "-1", "aria-label": words.photo });
const mic = tool("mic", { "aria-pressed": "false" }, () => hear());
const voice = tool("voice", { "aria-pressed": "false" }, () => aloud(voice.getAttribute("aria-pressed") !== "true"));
const form = make("form", { class: "row" },
  tool("photo", {}, () => file.click()), file, field, Hears ? mic : "",
  make("button", { class: "send", "aria-label": words.send, title: words.send }, icon("send")));
const panel = make("section", { class: "panel", role: "dialog", "aria-modal": "true", "aria-label": words.title, hidden: "" },
  make("div", { class: "head" }, make("h2", {}, words.title), speaks ? voice : "", tool("close", {}, () => shut())), log, form);
const opener = make("button", { class: "open", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false",
  onclick: () => open() }, words.open);
root.append(opener, panel);

// The talk.
let after = 0, owner = "assistant", busy = false, timer = 0, begun = false;
let talk = null;
try { talk = sessionStorage.getItem(TALK); } catch (error) { /* nothing can be kept */ }
const keep = (id) => {
  talk = id;
  try { sessionStorage.setItem(TALK, id); } catch (error) { /* the talk then lasts as long as the page */ }
};
const post = (path, fields, photo, kind) => {
  const headers = told.key ? { "X-API-Key": told.key } : {};
  const said = Object.entries({ ...who(), ...fields }).filter(([, value]) => value !== undefined && value !== null);
  let body;
  if (photo) {
    body = new FormData();
    said.forEach(([name, value]) => body.append(name, value));
    body.append("photo", photo);
  } else {
    body = JSON.stringify(Object.fromEntries(said));
    headers["Content-Type"] = "application/json";
  }
  return fetch(base + path, { method: "POST", headers: { ...headers, Accept: kind || "application/json" }, body });
};

// Notes are in the language of the talk, which may be another than the page's.
const speakIn = (other) => { if (WORDS[other]) { language = other; words = WORDS[other]; } };

// What is seen.
let first = null; // of a turn: it stays in sight, however long the answer is
const add = (element) => {
  log.append(element);
  log.scrollTop = Math.min(log.scrollHeight, first ? first.offsetTop - log.offsetTop - 8 : Infinity);
  return element;
};
const line = (by, text, name) => {
  if (!text) return null;
  const called = by === "shopper" ? words.you : by === "person" ? name : words.shop;
  const added = add(make("p", { class: by === "shopper" ? "mine" : by }, make("span", { class: "who" }, called + ": "),
    by === "person" ? make("b", {}, name + " ") : "", text));
  if (by !== "shopper") say(text);
  return added;
};
const note = (text, bad) => add(make("p", bad ? { class: "note bad", role: "alert" } : { class: "note" }, text));
const money = (product) => {
  if (product.price !== undefined) return product.price;
  if (product.price_minor === null || !product.currency) return "";
  const format = new Intl.NumberFormat(language, { style: "currency", currency: product.currency });
  return format.format(product.price_minor / 10 ** format.resolvedOptions().maximumFractionDigits);
};
const safe = (address, from) => {
  try {
    const found = new URL(address, from);
    return /^https?:$/.test(found.protocol) ? found.href : undefined;
  } catch (error) { return undefined; }
};
const address = (product) =>
  product.url ? safe(product.url, location.href)
    : told.product ? safe(told.product + encodeURIComponent(product.product_id), location.href) : undefined;
const card = (product, tell) => {
  const source = product.image && safe(product.image, new URL(pictures, location.href));
  const image = source && make("img", { src: source, alt: "", loading: "lazy", width: "138", height: "112" });
  if (image) image.addEventListener("error", () => image.remove());
  const why = (product.reasons || []).concat(product.close && tell ? words.near : []).join(" · ");
  const link = address(product);
  return make("li", {}, make(link ? "a" : "div", { href: link, onclick: () => {
    if (window.bottega && window.bottega.ready) window.bottega("click", product.product_id, { recommendation_id: talk });
    if (innerWidth <= 480 && link) shut();
  } }, image || "", make("b", {}, product.title), make("span", { class: "price" }, money(product)),
  why ? make("span", {}, why) : ""));
};
const cards = (products) => {
  const mixed = products.some((one) => !one.close); // where all come near only, the sentence says so
  return products.length ? add(make("ul", {}, ...products.map((one) => card(one, mixed)))) : null;
};
const quick = (buttons) => {
  if (buttons.length) add(make("div", { class: "quick" }, ...buttons.map((one) =>
    make("button", { type: "button", onclick: () => send({ button: one.value }, one.label) }, one.label))));
};
const sources = (found) => {
  const by = {};
  found.filter((one) => one.text).forEach((one) => { (by[words.said[one.kind] || ""] ||= new Set()).add(one.text); });
  Object.entries(by).forEach(([from, texts]) => {
    const text = [...texts].join("; ");
    add(make("p", { class: "src" }, from ? `${from}: ${text}` : text[0].toUpperCase() + text.slice(1)));
  });
};
const owned = (now, name) => {
  if (now === owner) return;
  owner = now;
  note(now === "person" ? `${name || words.fresh} ${words.person}` : now === "assistant" ? words.back : words[now]);
};

// How to begin: a few lines to press, each said as if it were written.
const greet = () => {
  add(make("p", { class: "hello" }, words.hello));
  note(words.about);
  add(make("div", { class: "quick" }, ...words.tries.map((one) =>
    make("button", { type: "button", onclick: () => send({ text: one }, one) }, one))));
};

// A turn: what is sent, and its answer piece by piece.
let list = null; // seen at once; the sentence that leads to it then comes before it
const led = (said) => {
  if (list && said && said.className === "assistant") list.before(said);
  if (said) list = null;
};
const events = {
  talk(data) { keep(data.talk_id); speakIn(data.language); list = null; },
  products(data) { list = cards(data.products); },
  text(data) {
    led(line("assistant", data.text));
  },
  end(data) {
    sources(data.sources);
    quick(data.buttons);
    if (data.how === "kept" && data.owner === "waiting") note(words.kept);
    if (data.owner === "waiting") owner = data.owner; // the assistant has just said so
    else if (data.owner !== "person") owned(data.owner);
  },
  error(data) { note(data.error.message, true); },
};
const read = async (response) => {
  if (!response.ok) {
    const { error } = await response.json();
    if (error.code === "talk_unknown" || error.code === "visitor_refused") { talk = null; after = 0; }
    throw error;
  }
  const reader = response.body.getReader(), decoder = new TextDecoder();
  let text = "", ended = false;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
    const blocks = text.split("\n\n");
    text = blocks.pop();
    blocks.forEach((block) => {
      const name = /^event: (.*)$/m.exec(block), data = /^data: (.*)$/m.exec(block);
      if (!name || !data || !events[name[1]]) return;
      ended = ended || name[1] === "end" || name[1] === "error";
      events[name[1]](JSON.parse(data[1]));
    });
  }
  if (!ended) throw {};
};
const send = async (fields, shown, photo) => {
  if (busy) return;
  busy = true;
  log.querySelectorAll(".quick").forEach((one) => one.remove());
  first = null;
  first = line("shopper", shown);
  log.setAttribute("aria-busy", "true");
  log.classList.add("busy");
  try {
    const turn = () =>
      post("", { ...fields, talk_id: talk, language: told.language }, photo, "text/event-stream").then(read);
    const had = talk;
    // A talk that is forgotten, or was somebody else's at this computer, begins anew.
    await turn().catch((error) => { if (!had || talk || fields.button) throw error; return turn(); });
  } catch (error) {
    note(error.message && error.code ? error.message : words.gone, true);
  }
  busy = false;
  first = null;
  log.removeAttribute("aria-busy");
  log.classList.remove("busy");
  field.focus();
  look();
};

// What others say meanwhile. The first look of a page shows the whole talk, later ones what persons said.
// One look at a time: who asks for another meanwhile gets that one.
let looking = null;
const look = (whole) => (looking ??= looked(whole).finally(() => { looking = null; }));
const looked = async (whole) => {
  clearTimeout(timer);
  if (talk && !busy) {
    try {
      const response = await post("/lines", { talk_id: talk, after });
      if (response.status === 404) talk = null;
      if (response.ok && !busy) {
        const said = await response.json();
        after = said.next;
        said.lines.filter((one) => whole || one.by === "person").forEach((one) => {
          list = cards(one.products) || list;
          led(line(one.by, one.text, one.name));
          if (panel.hidden) opener.textContent = `${words.fresh} (1)`;
        });
        owned(said.owner, said.agent);
      }
    } catch (error) { /* the next look may reach it */ }
  }
  clearTimeout(timer);
  if (talk && !(panel.hidden && owner === "assistant"))
    timer = setTimeout(() => look(), panel.hidden || document.hidden || owner === "assistant" ? LOOK_SELDOM_MS : LOOK_MS);
};

// Open and shut, by mouse, keyboard and speech.
const focusable = () => [...panel.querySelectorAll("button, a[href], input:not([hidden]), [tabindex='0']")];
const open = () => {
  panel.hidden = false;
  opener.hidden = true;
  opener.textContent = words.open;
  opener.setAttribute("aria-expanded", "true");
  if (!begun) {
    begun = true;
    if (!talk) greet();
    look(true);
  } else look();
  field.focus();
};
const shut = () => {
  panel.hidden = true;
  opener.hidden = false;
  opener.setAttribute("aria-expanded", "false");
  if (speaks) speechSynthesis.cancel();
  opener.focus();
};
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { event.stopPropagation(); shut(); return; }
  if (event.key !== "Tab") return;
  const all = focusable(), first = all[0], last = all[all.length - 1];
  const goes = event.shiftKey ? first : last;
  if (root.activeElement !== goes) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text || busy) return;
  field.value = "";
  send({ text }, text);
});
file.addEventListener("change", () => {
  const [photo] = file.files;
  const text = field.value.trim();
  file.value = "";
  if (!photo || busy) return;
  field.value = "";
  send(text ? { text } : {}, `${words.sent}: ${photo.name}${text ? " · " + text : ""}`, photo);
});
let hearing = null;
const hear = () => {
  if (hearing) { hearing.stop(); return; }
  hearing = new Hears();
  hearing.lang = language;
  hearing.onresult = (event) => { field.value = event.results[0][0].transcript; };
  hearing.onend = () => { hearing = null; mic.setAttribute("aria-pressed", "false"); field.focus(); };
  mic.setAttribute("aria-pressed", "true");
  hearing.start();
};
const aloud = (on) => {
  voice.setAttribute("aria-pressed", String(on));
  if (!on) speechSynthesis.cancel();
};
const say = (text) => {
  if (!speaks || voice.getAttribute("aria-pressed") !== "true") return;
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.lang = language;
  speechSynthesis.speak(spoken);
};

window.bottegaAssistant = { open, close: shut };
const put = () => document.body.append(host);
if (document.body) put();
else addEventListener("DOMContentLoaded", put);
if (talk) look(true).then(() => { begun = true; });
