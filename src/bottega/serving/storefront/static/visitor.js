// Who is looking: a fresh anonymous visitor, or one of the shop's known shoppers; and what they carry in the cart.

const KEY = "bottega.visitor";
const listeners = new Set();

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(9)); // randomUUID is missing on plain http outside this machine
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // storage is off, or holds something that is not ours
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Private windows may refuse; the visit then lasts as long as the page.
  }
}

const isVisitor = (value) => typeof value?.id === "string" && typeof value.known === "boolean";

let visitor = read(KEY);
if (!isVisitor(visitor)) visitor = { id: `visitor-${randomId()}`, known: false };
let cart = readCart();
write(KEY, visitor);

function readCart() {
  const lines = read(`bottega.cart.${visitor.id}`);
  return Array.isArray(lines) ? lines.filter((line) => typeof line?.id === "string" && line.quantity > 0) : [];
}

function become(next) {
  visitor = next;
  write(KEY, visitor);
  cart = readCart();
  for (const listener of listeners) listener();
}

function keepCart() {
  write(`bottega.cart.${visitor.id}`, cart);
  for (const listener of listeners) listener();
}

export const newEventId = () => `web-${randomId()}`;
export const current = () => visitor;
export const lines = () => cart;
export const cartCount = () => cart.reduce((sum, line) => sum + line.quantity, 0);
export const startAgain = () => become({ id: `visitor-${randomId()}`, known: false });
export const becomeShopper = (id) => become({ id, known: true });

/** Call `listener` whenever the visitor or the cart changes. */
export const onChange = (listener) => listeners.add(listener);

/** Put one in the cart; `line` holds id, title, price_minor, currency, image. */
export function put(line) {
  const there = cart.find((other) => other.id === line.id);
  if (there) there.quantity += 1;
  else cart.push({ ...line, quantity: 1 });
  keepCart();
}

export function setQuantity(id, quantity) {
  cart = cart.map((line) => (line.id === id ? { ...line, quantity } : line)).filter((line) => line.quantity > 0);
  keepCart();
}

export function emptyCart() {
  cart = [];
  keepCart();
}
