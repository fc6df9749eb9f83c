// The manual, made from this server's own openapi.json: what each route takes and gives, and a form to try it.

const GROUPS = {
  recommend: "Lists of products",
  search: "Search",
  rules: "Saved rules",
  vision: "What photos show",
  catalogue: "Catalogue",
  products: "One product",
  intake: "Products and events come in",
  studio: "Pictures and prints",
  shoppers: "Shoppers",
  connections: "Platforms",
  closet: "Closets, kept pictures and outfits",
  assistant: "The assistant, and questions about products",
  talks: "Persons who take talks over",
  merchant: "The merchant asks the shop",
  wording: "Words",
  reviews: "Reviews",
  messages: "Letters",
  running: "Models and keys",
  proof: "What it earns",
  reports: "Reports",
  check: "Checks",
  jobs: "Work done later",
  state: "State of the server",
  webhooks: "Webhooks",
};
const KEPT = "bottega-key";
const [about, find, key, manual, routes] = ["about", "find", "key", "manual", "routes"].map((id) => document.getElementById(id));
let spec = null;

/** An element with properties, listeners (`on…`) and children; text stays text. */
function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined));
  return node;
}

const named = (reference) => spec.components.schemas[reference.split("/").at(-1)];
const resolved = (schema) => (schema?.$ref ? named(schema.$ref) : schema);

/** A schema in a few words. */
function kind(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.filter((one) => one.type !== "null").map(kind).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${schema.enum.map((one) => JSON.stringify(one)).join(", ")}`;
  if (schema.format === "binary") return "picture";
  if (schema.type === "array") return `list of ${kind(schema.items) || "values"}`;
  const { minimum, maximum } = schema;
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : minimum !== undefined ? ` from ${minimum}` : "";
  return `${{ integer: "whole number", number: "number", string: "text", boolean: "true or false", object: "object" }[schema.type] ?? "anything"}${range}`;
}

/** The schema of an object that a field holds, alone, in a list or as one of several. */
function inner(schema) {
  const found = resolved(schema);
  if (!found) return null;
  if (found.properties) return found;
  for (const one of [...(found.anyOf ?? found.oneOf ?? []), found.items].filter(Boolean)) {
    const below = inner(one);
    if (below) return below;
  }
  return null;
}

/** Fields of an object, those of objects inside it folded away. */
function fields(schema, above = []) {
  const must = new Set(schema.required ?? []);
  return el(
    "dl",
    { class: "fields" },
    Object.entries(schema.properties ?? {})
      .filter(([, one]) => !one.deprecated)
      .map(([name, one]) => field(name, one, must.has(name), above)),
  );
}

function field(name, schema, must, above) {
  const below = inner(schema);
  const value = schema.default === undefined || schema.default === null ? null : el("span", { class: "kind" }, ` Absent: ${JSON.stringify(schema.default)}.`);
  return el(
    "div",
    {},
    el("dt", {}, el("code", {}, name), " ", must ? el("span", { class: "must" }, "needed") : null, el("br"), el("span", { class: "kind" }, kind(schema))),
    el("dd", {}, worded(schema.description ?? resolved(schema)?.description ?? ""), value, below && !above.includes(below) && above.length < 5 ? folded(`Fields of ${name}`, () => fields(below, [...above, below])) : null),
  );
}

/** Words of the API's description; what stands in backticks there is code. */
const worded = (text) => text.split("`").map((part, place) => (place % 2 ? el("code", {}, part) : part));

/** Made when it is first opened. */
function folded(title, make, properties = { class: "deeper" }) {
  const node = el("details", properties, el("summary", {}, title));
  node.addEventListener("toggle", () => node.open && node.childElementCount === 1 && node.append(make()));
  return node;
}

function operation(method, path, one) {
  const node = el(
    "details",
    { class: "operation", id: one.operationId, "data-words": `${method} ${path} ${one.description ?? ""}`.toLowerCase() },
    el("summary", {}, el("b", { class: "method" }, method), el("code", {}, path), el("span", {}, one.description ?? "")),
  );
  node.addEventListener("toggle", () => node.open && node.childElementCount === 1 && node.append(inside(method, path, one)));
  if (location.hash === `#${one.operationId}`) {
    node.append(inside(method, path, one)); // the one that was asked for is open from the start: nothing moves
    node.open = true;
  }
  return node;
}

function inside(method, path, one) {
  const content = one.requestBody?.content ?? {};
  const body = content["application/json"] ?? content["multipart/form-data"];
  const answer = one.responses["200"] ?? one.responses["202"] ?? Object.values(one.responses)[0];
  const given = inner(answer?.content?.["application/json"]?.schema);
  const taken = inner(body?.schema);
  return el(
    "div",
    { class: "inside" },
    one.parameters ? [el("h3", {}, "In the address"), el("dl", { class: "fields" }, one.parameters.map((each) => field(each.name, { description: each.description, ...each.schema }, each.required, [])))] : null,
    taken ? [el("h3", {}, content["application/json"] ? "In the body, as JSON" : "In the form"), fields(taken)] : null,
    given ? folded("The answer", () => fields(given)) : null,
    trial(method, path, one, content),
  );
}

/** A form that sends a request and shows what came back. */
function trial(method, path, one, content) {
  const out = el("pre", { hidden: true, tabindex: "0" });
  const status = el("p", { class: "status", role: "status" });
  const line = el("pre", { tabindex: "0" });
  const inputs = (one.parameters ?? []).map((each) => el("input", { "aria-label": each.name, placeholder: each.required ? `${each.name} (needed)` : each.name, "data-name": each.name, "data-in": each.in }));
  const json = content["application/json"];
  const examples = Object.entries(json?.examples ?? {});
  const text = json ? el("textarea", { "aria-label": "Body of the request", rows: "8", spellcheck: "false" }) : null;
  if (text) text.value = JSON.stringify(examples[0]?.[1].value ?? {}, null, 2);
  const photo = content["multipart/form-data"] ? el("input", { type: "file", "aria-label": "File to send" }) : null;
  const choice = examples.length > 1 ? el("select", { "aria-label": "Example" }, examples.map(([name]) => el("option", {}, name))) : null;
  choice?.addEventListener("change", () => {
    text.value = JSON.stringify(json.examples[choice.value].value, null, 2);
    draw();
  });
  const address = () => {
    let filled = path;
    const query = new URLSearchParams();
    for (const input of inputs) {
      if (input.dataset.in === "path") filled = filled.replace(`{${input.dataset.name}}`, encodeURIComponent(input.value));
      else if (input.value) query.append(input.dataset.name, input.value);
    }
    return new URL(`.${filled}${query.size ? `?${query}` : ""}`, document.baseURI);
  };
  const draw = () => {
    const secret = one.security ? ` -H "X-API-Key: $KEY"` : "";
    const sent = text ? ` -H "Content-Type: application/json" -d '${text.value.replace(/\s*\n\s*/g, " ").replaceAll("'", "'\\''")}'` : photo ? ` -F ${Object.keys(content["multipart/form-data"].schema.properties ?? { file: 0 })[0]}=@${photo.files[0]?.name ?? "FILE"}` : "";
    line.textContent = `curl${method === "get" || sent ? "" : ` -X ${method.toUpperCase()}`} ${address()}${secret}${sent}`;
  };
  const send = async () => {
    out.hidden = false;
    out.textContent = "…";
    const headers = key.value ? { "X-API-Key": key.value } : {};
    let body;
    if (text) [body, headers["Content-Type"]] = [text.value, "application/json"];
    if (photo) {
      body = new FormData();
      if (photo.files[0]) body.append(Object.keys(content["multipart/form-data"].schema.properties ?? { file: 0 })[0], photo.files[0]);
    }
    const began = performance.now();
    try {
      const response = await fetch(address(), { method: method.toUpperCase(), headers, body });
      const said = await response.text();
      status.textContent = `${response.status} in ${Math.round(performance.now() - began)} ms`;
      try {
        out.textContent = JSON.stringify(JSON.parse(said), null, 2);
      } catch {
        out.textContent = said;
      }
    } catch {
      status.textContent = "The server does not answer. Is it still running?";
      out.hidden = true;
    }
  };
  for (const input of [text, photo, ...inputs].filter(Boolean)) input.addEventListener("input", draw);
  draw();
  return el("div", { class: "try" }, el("h3", {}, "Try it"), choice, inputs.length ? el("div", { class: "row" }, inputs) : null, text, photo, el("div", { class: "row" }, el("button", { type: "button", onclick: send }, "Send")), line, status, out);
}

function draw() {
  const groups = new Map();
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, one] of Object.entries(methods)) {
      const group = one.tags?.[0] ?? "other";
      groups.set(group, [...(groups.get(group) ?? []), [method, path, one]]);
    }
  }
  for (const [group, list] of groups) {
    const title = GROUPS[group] ?? group;
    routes.append(el("section", {}, el("p", { class: "side-title" }, title), el("ul", {}, list.map(([method, path, one]) => el("li", {}, el("a", { href: `#${one.operationId}` }, `${method.toUpperCase()} ${path.replace("/v1", "")}`))))));
    manual.append(el("section", { class: "group" }, el("h2", {}, title), list.map(([method, path, one]) => operation(method, path, one))));
  }
}

function narrow() {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const node of document.querySelectorAll(".operation")) {
    node.hidden = !words.every((word) => node.dataset.words.includes(word));
    routes.querySelector(`a[href="#${CSS.escape(node.id)}"]`).parentElement.hidden = node.hidden;
  }
  for (const group of document.querySelectorAll(".group, #routes section")) group.hidden = !group.querySelector(".operation:not([hidden]), li:not([hidden])");
}

function open() {
  const node = document.getElementById(location.hash.slice(1));
  if (!node?.classList.contains("operation")) return;
  node.open = true;
  node.scrollIntoView();
  node.querySelector("summary").focus({ preventScroll: true });
}

key.value = sessionStorage.getItem(KEPT) ?? "";
key.addEventListener("input", () => sessionStorage.setItem(KEPT, key.value));
find.addEventListener("input", narrow);
addEventListener("hashchange", open);
try {
  spec = await (await fetch("openapi.json")).json();
  about.textContent = `Version ${spec.info.version}. ${spec.info.description} Every route but /v1/health, /live and /ready asks for the key that the shop was given, in the header X-API-Key.`;
  draw();
  open();
} catch {
  about.textContent = "The server does not answer. Is it still running?";
}
