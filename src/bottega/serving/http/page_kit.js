// What the scripts of pages share (assistant.js, dressing-room.js): who loads them and how, in which language they
// speak, who looks at the page, and elements whose texts are texts. It stands before each of them (page_scripts.py).
const script = document.currentScript;
const told = script ? script.dataset : {};
const server = script ? script.src.replace(/\/[a-z-]+\.js([?#].*)?$/, "") : "";

// The language that the script is told, else that of the page, else that of the browser, of those that have words.
const spoken = (words) => [told.language, document.documentElement.lang, ...(navigator.languages || [])]
  .map((one) => (one || "").slice(0, 2).toLowerCase()).find((one) => words[one]) || "en";

// A shopper by the shop server's signature; else the visitor that the pixel knows after consent; else nobody.
const visitor = () => {
  try { return JSON.parse(localStorage.getItem("bottega")).id; } catch (error) { return undefined; }
};
const who = () => {
  if (told.shopper && (told.signature || !told.key)) return { shopper: told.shopper, shopper_signature: told.signature };
  return { shopper: visitor() };
};

// An element of these attributes, with texts and elements in it.
const make = (name, given, ...inside) => {
  const element = document.createElement(name);
  Object.keys(given || {}).forEach((key) => {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), given[key]);
    else if (given[key] !== undefined && given[key] !== false) element.setAttribute(key, given[key]);
  });
  element.append(...inside.filter((one) => one !== undefined && one !== ""));
  return element;
};

// An element with a tree and a style sheet of its own.
const housed = (name, language, style) => {
  const host = make("div", { lang: language, ["data-bottega-" + name]: "" });
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  return { host, root };
};
