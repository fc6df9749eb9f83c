// Asks for the report with the key that the merchant types in, which is kept for this tab alone.
"use strict";
const [ask, key, said, report] = ["ask", "key", "said", "report"].map((id) => document.getElementById(id));

async function look() {
  ask.hidden = true;
  said.hidden = false;
  said.textContent = "Looking at the shop…";
  const kept = sessionStorage.getItem("bottega-key");
  const answer = await fetch("v1/check/page", { headers: kept ? { "X-API-Key": kept } : {} });
  if (answer.ok) {
    report.srcdoc = await answer.text();
    report.hidden = false;
    said.hidden = true;
    return;
  }
  const error = await answer.json().catch(() => ({}));
  said.textContent = kept ? ((error.error || {}).message || "The server did not answer.") : "";
  sessionStorage.removeItem("bottega-key");
  ask.hidden = false;
  key.focus();
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("bottega-key", key.value);
  look();
});
look();
