"use strict";

// A part of a page with data-look (milliseconds) is asked for again and put in the place of the old one, for as long as
// the server says so. It waits while somebody is at work in it, and while nobody looks.
const busy = (part) => part.contains(document.activeElement) || part.querySelector("details[open], input:checked") !== null;

async function look(part) {
  if (document.hidden || busy(part)) return part;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return part;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(part.id);
  if (fresh === null || busy(part)) return part;
  part.replaceWith(document.importNode(fresh, true));
  return document.getElementById(part.id);
}

function watch(part) {
  const wait = Number(part.dataset.look);
  if (!wait) return;
  setTimeout(() => look(part).catch(() => part).then(watch), wait);
}

for (const part of document.querySelectorAll("[data-look]")) watch(part);
