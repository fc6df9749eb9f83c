// Bottega's pixel: what visitors look at, click, put into the cart and buy, told to the shop's own server.
//
// Before consent it stores nothing and sends nothing. After it, a visitor's id and the events that are still to be sent
// lie in localStorage, so that a page that goes away loses none; each has an id, so that sending it twice changes
// nothing. docs/pixel.md says how to use it.
(() => {
  "use strict";
  const script = document.currentScript;
  const before = window.bottega;
  if (!script || (before && before.ready)) return;

  const STORE = "bottega";
  const AT_ONCE = 50, KEPT_MOST = 500, PAUSE_MS = 1000, PAUSE_MOST_MS = 60000, FRESH_MS = 9000;
  const CLICKED = { cart: "add_to_cart", uncart: "remove_from_cart", wish: "wishlist", click: "click", try: "try_on" };
  const LETTER_MS = 7 * 24 * 3600 * 1000;
  const arrived = new URLSearchParams(location.search).get("bottega_letter");
  const base = script.src.replace(/\/pixel\.js.*$/, "/v1/");
  const key = "?key=" + script.dataset.key;
  let shopper = script.dataset.shopper, signature = script.dataset.signature;
  let memory = null, timer = 0, pause = PAUSE_MS, busy = false;
  let page = "", seen = {};
  const told = new WeakMap(), left = new Set();

  // What is remembered, {id, queue}: only ever after consent. Where the browser keeps nothing, this page does.
  const read = () => {
    try { return JSON.parse(localStorage.getItem(STORE)); } catch (error) { return memory; }
  };
  const write = (state) => {
    memory = state;
    try {
      if (state) localStorage.setItem(STORE, JSON.stringify(state));
      else localStorage.removeItem(STORE);
    } catch (error) { /* full, or forbidden */ }
  };
  const random = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => (byte + 256).toString(16).slice(1)).join("");
  const proof = () =>
    shopper && signature && parseInt(signature, 10) * 1000 > Date.now();

  const push = (kind, fields) => {
    const state = read();
    if (!state) return;
    const event = { event_id: random(), kind, time: Date.now(), anonymous_id: state.id };
    if (proof()) Object.assign(event, { shopper_id: shopper, shopper_signature: signature });
    Object.assign(event, fields);
    // Who came by a letter is remembered for some days, so that what they do and buy can name it.
    if (arrived && !(state.letter && state.letter.id === arrived)) state.letter = { id: arrived, time: Date.now() };
    // So is who came by a talk: the panel names it.
    if (/^t-/.test(event.recommendation_id)) state.letter = { id: event.recommendation_id, time: Date.now() };
    if (event.product_id && !event.recommendation_id && state.letter && Date.now() - state.letter.time < LETTER_MS)
      event.recommendation_id = state.letter.id;
    state.queue = state.queue.concat(event).slice(-KEPT_MOST);
    write(state);
    later(state.queue.length < AT_ONCE ? PAUSE_MS : 0);
  };
  const later = (ms) => {
    timer = timer || setTimeout(() => { timer = 0; flush(); }, ms);
  };
  const post = (path, body) =>
    fetch(base + path + key, { method: "POST", body: JSON.stringify(body), keepalive: true,
      headers: { "Content-Type": "text/plain" } });

  // The oldest events; a moment ago is now by the server's clock, whatever the visitor's says.
  const batch = () => {
    const now = Date.now();
    return ((read() || {}).queue || []).slice(0, AT_ONCE).map((event) =>
      Object.assign({}, event, { time: Math.abs(now - event.time) < FRESH_MS ? undefined : event.time }));
  };
  const flush = () => {
    const events = batch();
    if (busy || !events.length) return;
    busy = true;
    post("events", { events }).then((answer) => {
      const refused = answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429;
      if (!answer.ok && !refused) throw answer;
      const unsigned = answer.status === 403 && events.some((event) => event.shopper_id);
      const sent = new Set(events.map((event) => event.event_id));
      const state = read();
      if (state && unsigned) {
        // The signature has expired: what was done is the visitor's all the same.
        shopper = "";
        state.queue.forEach((event) => { delete event.shopper_id; delete event.shopper_signature; });
      } else if (state) {
        state.queue = state.queue.filter((event) => !sent.has(event.event_id));
      }
      if (state) write(state);
      busy = false;
      pause = PAUSE_MS;
      flush();
    }).catch(() => {
      busy = false;
      pause = Math.min(pause * 2, PAUSE_MOST_MS);
      later(pause);
    });
  };
  // The page goes away: nobody will hear the answer, so the events stay, and the next page sends them once more.
  const leave = () => {
    const events = batch().filter((event) => !left.has(event.event_id));
    events.forEach((event) => left.add(event.event_id));
    if (events.length && !navigator.sendBeacon(base + "events" + key, JSON.stringify({ events })))
      post("events", { events }).catch(() => {});
  };

  // What the page shows. An element is told once, and a product once for each address.
  const look = () => {
    if (!read()) return;
    if (location.href !== page) { page = location.href; seen = {}; }
    document.querySelectorAll("[data-bottega-view],[data-bottega-purchase]").forEach((element) => {
      const { bottegaView, bottegaPurchase } = element.dataset;
      const what = bottegaPurchase || bottegaView;
      if (!what || told.get(element) === what) return;
      told.set(element, what);
      if (seen[what]) return;
      seen[what] = 1;
      if (bottegaPurchase) commands.purchase(JSON.parse(bottegaPurchase));
      else commands.view(what, fieldsOf(element));
    });
  };
  const fieldsOf = (element) => {
    const list = element.closest("[data-bottega-list]");
    const { bottegaQuantity, bottegaValue } = element.dataset;
    return { recommendation_id: list ? list.dataset.bottegaList : undefined,
      quantity: bottegaQuantity, value: bottegaValue };
  };
  const clicked = (event) => {
    const on = (name) => event.target.closest && event.target.closest(`[data-bottega-${name}]`);
    const kind = Object.keys(CLICKED).find(on);
    if (!kind) return;
    const element = on(kind);
    push(CLICKED[kind], Object.assign({ product_id: element.getAttribute("data-bottega-" + kind) }, fieldsOf(element)));
  };

  const commands = {
    consent(given) {
      if (!given) { write(null); return; }
      const fresh = !read();
      if (fresh) write({ id: "v-" + random(), queue: [], known: proof() ? 1 : 0 });
      if (fresh || typeof given === "object") {
        const said = typeof given === "object" ? given : { personalisation: true, analytics: true };
        const consent = {};
        Object.keys(said).forEach((purpose) => { consent[purpose] = said[purpose] ? "yes" : "no"; });
        push("identify", { traits: { consent, consent_source: "pixel" } });
      }
      look();
    },
    view(id, more) { push("view", Object.assign({ product_id: id }, more)); },
    search(query) { push("search", { query }); },
    purchase(order) {
      order.items.forEach((item, place) =>
        push("purchase", Object.assign(order.order
          ? { event_id: `${order.order}#${place + 1}`, order_id: order.order } : {}, item)));
    },
    // Somebody logged in; without an id, logged out: whoever comes next is another visitor.
    shopper(id, signed) {
      const state = read();
      shopper = id;
      signature = signed;
      if (state && !id && state.known) write(Object.assign(state, { id: "v-" + random(), known: 0 }));
      if (state && proof()) write(Object.assign(state, { known: 1 }));
    },
    ask(path, body, then) {
      const state = read();
      const who = path !== "recommendations" ? {}
        : proof() ? { shopper, shopper_signature: signature } : state ? { shopper: state.id } : {};
      return post(path, Object.assign(who, body)).then((answer) => answer.json()).then(then);
    },
  };
  Object.keys(CLICKED).forEach((name) => {
    commands[name] = (id, more) => push(CLICKED[name], Object.assign({ product_id: id }, more));
  });

  window.bottega = (name, ...given) => commands[name](...given);
  window.bottega.ready = true;
  if (shopper !== undefined) commands.shopper(shopper, signature);
  if (script.dataset.consent === "granted") commands.consent(true);
  if (script.dataset.consent === "denied") commands.consent(false);
  ((before && before.q) || []).forEach((call) => window.bottega(...call));
  document.addEventListener("click", clicked, true);
  addEventListener("pagehide", leave);
  addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());
  addEventListener("online", flush);
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true,
    attributeFilter: ["data-bottega-view", "data-bottega-purchase"] });
  look();
  flush();
})();
