"use strict";

const [said, form, inside] = ["said", "form", "inside"].map((id) => document.getElementById(id));
let token = "";

/** Where to go once somebody is logged in: the page that sent them here, where it is one of this shop; else null. */
function wanted() {
  const next = new URLSearchParams(location.search).get("next");
  if (!next || !next.startsWith("/")) return null;
  const root = location.pathname.replace(/\/login\/?$/, "");
  const address = new URL(next, location.href);
  return address.origin === location.origin && address.pathname.startsWith(`${root}/`) ? address.href : null;
}

/** Ask the server about the session; the answer as JSON, or null with its words shown. */
async function ask(method, body, quiet = false) {
  const headers = { "X-CSRF-Token": token };
  if (body) headers["Content-Type"] = "application/json";
  said.textContent = "";
  try {
    const answer = await fetch("./v1/session", { method, headers, body: body && JSON.stringify(body) });
    if (answer.status === 204) return {};
    const told = await answer.json();
    if (answer.ok) return told;
    if (!quiet) said.textContent = told.error.message;
  } catch {
    said.textContent = "The server cannot be reached. Try again.";
  }
  return null;
}

function show(session) {
  token = session?.csrf_token ?? "";
  form.hidden = Boolean(token);
  inside.hidden = !token;
  document.getElementById("who").textContent = session?.name ?? "";
  document.getElementById("role").textContent = session?.role ?? "";
}

const [nameField, password] = [form.querySelector("#name"), form.querySelector("#password")];

/** What goes on the keyboard goes on from: the field to be corrected, or what is new on the page. */
function goOn(session) {
  (session ? document.getElementById("you") : nameField.value ? password : nameField).focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const session = await ask("POST", { name: nameField.value, password: password.value });
  password.value = "";
  if (session && wanted()) return location.replace(wanted());
  show(session);
  goOn(session);
});

document.getElementById("out").addEventListener("click", async () => {
  if (!(await ask("DELETE"))) return;
  show(null);
  goOn(null);
});

ask("GET", null, true).then((session) => (session && wanted() ? location.replace(wanted()) : show(session)));
