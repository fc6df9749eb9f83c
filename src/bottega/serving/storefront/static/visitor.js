// Who is looking: a fresh anonymous visitor, or one of the shop's known shoppers; and what they carry in the cart.
// Two tabs are one visitor: each reads what is kept before it changes it, and hears of what the other changed.

const KEY = "bottega.visitor";
const NEWS = "bottega.news";
const listeners = new Set();
const newsListeners = new Set();

export function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(9)); // randomUUID is missing on plain http outside this machine
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // storage is off, or holds something that is not ours
  }
}

export function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the visit then lasts as long as the page.
  }
}

const isVisitor = (value) => typeof value?.id === "string" && typeof value.known === "boolean";

const cartKey = () => `bottega.cart.${visitor.id}`;
let visitor = read(KEY);
if (!isVisitor(visitor)) visitor = { id: `visitor-${randomId()}`, known: false };
let cart = readCart() ?? [];
write(KEY, visitor);

/** What is kept; null where nothing is, or where nothing can be kept. */
function readCart() {
  const lines = read(cartKey());
  return Array.isArray(lines) ? lines.filter((line) => typeof line?.id === "string" && line.quantity > 0) : null;
}

function become(next) {
  visitor = next;
  write(KEY, visitor);
  cart = readCart() ?? [];
  for (const listener of listeners) listener();
}

/** Change the cart as it is kept now, which another tab may have changed. */
function changeCart(change) {
  cart = change(readCart() ?? cart);
  write(cartKey(), cart);
  for (const listener of listeners) listener();
}

addEventListener("storage", ({ key }) => {
  if (key === KEY) {
    const next = read(KEY);
    if (!isVisitor(next) || next.id === visitor.id) return;
    visitor = next;
  } else if (key === NEWS) {
    for (const listener of newsListeners) listener();
    return;
  } else if (key !== cartKey()) return;
  cart = readCart() ?? [];
  for (const listener of listeners) listener();
});

export const newEventId = () => `web-${randomId()}`;
export const current = () => visitor;
export const lines = () => cart;
export const cartCount = () => cart.reduce((sum, line) => sum + line.quantity, 0);
export const startAgain = () => become({ id: `visitor-${randomId()}`, known: false });
export const becomeShopper = (id, name) => become({ id, known: true, name });

/** Call `listener` whenever the visitor or the cart changes, in this tab or in another. */
export const onChange = (listener) => listeners.add(listener);

/** Tell the other tabs that the server knows something new of this visitor. */
export const tellTabs = () => write(NEWS, { at: Date.now(), nonce: randomId() });

/** Call `listener` when another tab says so. */
export const onNews = (listener) => newsListeners.add(listener);

/** Whether two lines are one: the same product, and with the same design on it, where it has one. */
const same = (one, other) => one.id === other.id && (one.design ?? null) === (other.design ?? null);

/** Put one in the cart; `line` holds id, title, price_minor, currency, image, and perhaps the id of a design. */
export function put(line) {
  changeCart((lines) => (lines.some((other) => same(other, line)) ? lines.map((other) => (same(other, line) ? { ...other, quantity: other.quantity + 1 } : other)) : [...lines, { ...line, quantity: 1 }]));
}

/** One more or one less, down to none. */
export function addQuantity(line, by) {
  changeCart((lines) => lines.map((other) => (same(other, line) ? { ...other, quantity: other.quantity + by } : other)).filter((other) => other.quantity > 0));
}

/** Take out what was bought; what came into the cart meanwhile stays. */
export function takeOut(bought) {
  const gone = (line) => bought.find((one) => same({ id: one.product_id, design: one.design_id }, line))?.quantity ?? 0;
  changeCart((lines) => lines.map((line) => ({ ...line, quantity: line.quantity - gone(line) })).filter((line) => line.quantity > 0));
}

// Whether this visitor has done anything yet: a stranger's first row shows some of everything.
export const hasActed = () => visitor.known || read(`bottega.acted.${visitor.id}`) === true;
export const act = () => write(`bottega.acted.${visitor.id}`, true);
