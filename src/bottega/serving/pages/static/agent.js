// The desk of a person who answers shoppers. Everything that was said is put in as text, never as markup.
"use strict";
const at = (id) => document.getElementById(id);
const desk = at("desk");
const LOOK_MS = 2500;
let open = "";
let last = 0;
let talks = [];
let seen = "";

async function ask(path, body) {
  const headers = { "Content-Type": "application/json" };
  const key = sessionStorage.getItem("bottega-agent-key");
  if (key) headers["X-API-Key"] = key;
  const answer = await fetch("v1/talks" + path, body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  if (answer.status === 401 || answer.status === 403) wantKey(key ? (told.error || {}).message || "" : "");
  throw new Error((told.error || {}).message || "The server did not answer.");
}

function wantKey(why) {
  sessionStorage.removeItem("bottega-agent-key");
  at("ask").hidden = false;
  at("both").hidden = true;
  at("said").textContent = why;
  at("key").focus();
}

function made(tag, text, name) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (name) element.className = name;
  return element;
}

function waited(seconds) {
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

function state(talk) {
  if (talk.owner === "waiting") return `waits ${waited(talk.waits_s)}: ${talk.why || "asked"}`;
  return talk.owner === "person" ? `with ${talk.agent}` : talk.owner;
}

async function inbox() {
  const found = await ask("");
  at("ask").hidden = true;
  at("both").hidden = false;
  talks = found.talks;
  at("count").textContent = `${found.waiting} waiting · here: ${found.agents.join(", ") || "nobody"}`;
  document.title = found.waiting ? `(${found.waiting}) Talks` : "Talks";
  at("none").hidden = talks.length > 0;
  const told = JSON.stringify([talks.map((one) => [one.talk_id, state(one), one.lines]), open]);
  if (told === seen) return;
  seen = told;
  const focused = (document.activeElement || {}).dataset;
  at("inbox").replaceChildren(...talks.map((talk) => {
    const button = made("button", "");
    button.type = "button";
    button.dataset.talk = talk.talk_id;
    if (talk.talk_id === open) button.setAttribute("aria-current", "true");
    const head = made("b", talk.shopper || "a visitor");
    head.append(made("span", talk.language, "soft"));
    button.append(head, made("span", state(talk), talk.owner === "waiting" ? "waiting" : "soft"));
    const row = document.createElement("li");
    row.append(button);
    return row;
  }));
  if (focused && focused.talk) [...at("inbox").querySelectorAll("button")].find((one) => one.dataset.talk === focused.talk)?.focus();
}

function list(title, rows) {
  if (!rows.length) return [];
  const all = document.createElement("ul");
  all.append(...rows.map((row) => made("li", row)));
  return [made("b", title), all];
}

async function look() {
  if (!open) return;
  const mine = open;
  const found = await ask("/query", { talk_id: mine, after: last });
  if (mine !== open) return;
  const lines = at("lines");
  const fresh = last === 0;
  const below = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 60;
  for (const line of found.transcript) {
    if (line.number <= last) continue;
    last = line.number;
    const row = made("li", "", line.by);
    if (line.by !== "owner") row.append(made("small", line.name || line.by));
    const words = [line.text, line.sent && `[${line.sent}]`].filter(Boolean).join(" ") || (line.kept ? "" : "(words no longer kept)");
    row.append(document.createTextNode(line.by === "owner" && line.name ? `${words}: ${line.name}` : words));
    if (line.products.length) row.append(made("small", `shows ${line.products.join(", ")}`));
    lines.append(row);
  }
  if (found.transcript.some((line) => line.by === "shopper" || line.by === "person")) said(suggest);
  if ((fresh || below) && found.transcript.length) lines.scrollTop = lines.scrollHeight;
  at("whose").textContent = `${found.talk.shopper || "A visitor"}: ${state(found.talk)}`;
  at("about").replaceChildren(...list("In short", found.summary), ...list("Drawn to", found.taste), ...list("Did last", found.history));
  desk.querySelector('[data-act="take"]').disabled = found.talk.owner === "person";
  desk.querySelector('[data-act="give-back"]').disabled = found.talk.owner === "assistant";
  desk.querySelector('[data-act="close"]').disabled = found.talk.owner === "closed";
}

async function suggest() {
  const mine = open;
  const told = at("suggested");
  const found = mine ? await ask("/suggested", { talk_id: mine }) : { replies: [] };
  if (mine !== open) return;
  const lines = at("lines");
  const below = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 60;
  told.hidden = !found.replies.length;
  told.replaceChildren(...found.replies.map((reply) => {
    const button = made("button", reply.text, "plain");
    button.type = "button";
    if (reply.sources.length) button.title = reply.sources.map((source) => source.text).join("; ");
    button.addEventListener("click", () => {
      at("text").value = [at("text").value.trim(), reply.text].filter(Boolean).join("\n");
      at("text").focus();
    });
    return button;
  }));
  if (below) lines.scrollTop = lines.scrollHeight;
}

async function go(talk) {
  open = talk;
  last = 0;
  at("suggested").hidden = true;
  at("lines").replaceChildren();
  at("talk").hidden = !talk;
  desk.classList.toggle("one", Boolean(talk));
  history.replaceState(null, "", talk ? `#${talk}` : location.pathname);
  await said(async () => { await look(); await inbox(); });
  if (talk) at("text").focus();
}

async function said(work) {
  try {
    await work();
    at("said").textContent = "";
  } catch (error) {
    at("said").textContent = error.message;
  }
}

async function send(act) {
  const text = at("text").value.trim();
  if (!text || !open) return;
  await said(async () => {
    await ask(act, { talk_id: open, text });
    at("text").value = "";
    at("lines").scrollTop = at("lines").scrollHeight;
    await look();
    await inbox();
  });
}

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("bottega-agent-key", at("key").value.trim());
  at("key").value = "";
  said(inbox).then(() => go(location.hash.slice(1)));
});
at("inbox").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) go(button.dataset.talk);
});
at("shut").addEventListener("click", () => go(""));
at("answer").addEventListener("submit", (event) => { event.preventDefault(); send("/reply"); });
at("note").addEventListener("click", () => send("/note"));
for (const button of desk.querySelectorAll("[data-act]")) {
  button.addEventListener("click", () => said(async () => {
    await ask(`/${button.dataset.act}`, { talk_id: open });
    await look();
    await inbox();
  }));
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && document.activeElement === at("text")) {
    event.preventDefault();
    send("/reply");
  }
  if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp") && talks.length) {
    event.preventDefault();
    const place = talks.findIndex((one) => one.talk_id === open);
    const next = event.key === "ArrowDown" ? place + 1 : place < 0 ? talks.length - 1 : place - 1;
    go(talks[(next + talks.length) % talks.length].talk_id);
  }
  if (event.key === "Escape" && open) go("");
});
said(inbox).then(() => { if (location.hash.length > 1 && !at("both").hidden) go(location.hash.slice(1)); });
setInterval(() => { if (!at("both").hidden && !document.hidden) said(async () => { await inbox(); await look(); }); }, LOOK_MS);
