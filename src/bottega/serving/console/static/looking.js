"use strict";

// A part of a page with data-look (milliseconds) is asked for again and put in the place of the old one, for as long as
// the server says so. It waits while somebody is at work in it, and while nobody looks. With data-look-at it comes from
// another address, which may take its time; what does not answer there is asked ever less often.
const SELDOM_MS = 60000;
const busy = (part) => part.contains(document.activeElement) || part.querySelector("details[open], input:checked") !== null;

async function look(part) {
  if (document.hidden || busy(part)) return part;
  const answer = await fetch(part.dataset.lookAt ?? location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return part;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (fresh === null || busy(part)) return part;
  part.replaceWith(document.importNode(fresh, true));
  return document.getElementById(part.id);
}

function watch(part, wait = Number(part.dataset.look)) {
  if (!wait) return;
  setTimeout(async () => {
    const next = await look(part).catch(() => part);
    if (next === part && part.dataset.lookAt) watch(part, Math.min(2 * wait, SELDOM_MS));
    else watch(next);
  }, wait);
}

for (const part of document.querySelectorAll("[data-look]")) watch(part);
