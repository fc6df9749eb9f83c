"use strict";

// The form of a rule looks at its preview anew while it is filled in. Without this script the button does it.
const form = document.querySelector("form[data-live]");
let waiting = 0;
let asked = 0;

async function look() {
  asked += 1;
  const mine = asked;
  const body = new FormData(form);
  body.set("do", "live");
  let text = "";
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return; // the button does the same
  }
  if (mine !== asked) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const part of form.querySelectorAll("[data-part]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 350);
  });
}
