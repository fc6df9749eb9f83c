// The dressing room of a product's page: on a photo of the visitor's own, or on a fashion model of the shop; the picture
// is kept or shared if they say so, and is gone with the page otherwise.

import * as api from "./api.js";
import { el, say } from "./dom.js";
import { refreshRails } from "./rails.js";

const MADE = "This picture was made by a computer. It shows roughly how it looks, and says nothing of how it fits.";

/** The section for a product; nothing where the dressing room can do nothing with it. `found` is what it can do. */
export function dressingRoom(chosen, found) {
  if (!found.try_on && found.models.length === 0) return null;
  const shown = el("div", { class: "dressed", "aria-live": "polite" });
  const told = el("p", { class: "small", role: "status" });
  const tell = (text, wrong = false) => {
    told.textContent = text;
    told.classList.toggle("wrong", wrong);
  };
  let asked = 0; // number of the newest question: an older answer is not shown

  async function ask(waiting, make, wrong = (error) => error.message) {
    const mine = ++asked;
    tell(waiting);
    section.ariaBusy = "true";
    try {
      const answer = await make();
      if (mine !== asked) return;
      tell("");
      const made = result(answer, chosen, () => {
        shown.replaceChildren();
        section.focus({ preventScroll: true });
      });
      const picture = made.querySelector("img");
      await picture.decode().catch(() => {}); // as tall as it will be, so that it comes into view whole
      if (mine !== asked) return;
      shown.replaceChildren(made);
      picture.scrollIntoView({ block: "nearest" });
      document.dispatchEvent(new Event("shop:event"));
      refreshRails();
    } catch (error) {
      if (mine !== asked) return;
      shown.replaceChildren(); // an older picture below it would look like this one's answer
      tell(wrong(error), true);
    } finally {
      if (mine === asked) section.ariaBusy = "false";
    }
  }

  const section = el(
    "section",
    { class: "dressing", "aria-labelledby": "dressing-title", tabindex: -1 },
    el("h2", { id: "dressing-title" }, "See it worn"),
    el("div", { class: "dressing-ways" },
      found.try_on ? onYou(chosen, found.live, ask) : null,
      found.models.length ? onModel(chosen, found.models, ask) : null),
    told,
    shown,
  );
  return section;
}

/** On a photo of the visitor's own: one that they choose now, or one that they keep in their closet. */
function onYou(chosen, live, ask) {
  const picker = el("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "A photo of you" });
  const keep = el("input", { type: "checkbox" });
  picker.addEventListener("change", () => {
    const [file] = picker.files;
    picker.value = "";
    if (!file) return;
    ask("Putting it on you …", async () => {
      const answer = await api.tryOn(chosen.id, { photo: file });
      if (keep.checked) await api.keepPicture(file).then(own.again);
      return answer;
    });
  });
  const own = kept((id) => ask("Putting it on you …", () => api.tryOn(chosen.id, { picture_id: id })));
  return el(
    "div",
    { class: "dressing-way" },
    el("h3", {}, "On you"),
    el("p", { class: "small" }, "One person, seen from the front, all of the piece's place in view. The shop deletes your photo when the picture is made."),
    el("button", { type: "button", class: "button", onclick: () => picker.click() }, "Try it on"),
    picker,
    live ? el("a", { class: "button quiet", href: `#/live?${new URLSearchParams({ id: chosen.id })}` }, "Before your camera") : null,
    el("label", { class: "check" }, keep, el("span", {}, "Keep my photo in my closet for next time")),
    own.node,
  );
}

/** Photos of the visitor's own that their closet keeps, each a button; and how to take them out again. */
function kept(use) {
  const list = el("ul", { class: "kept" });
  const node = el("div", { hidden: true }, el("p", { class: "small" }, "From your closet:"), list);
  const again = async () => {
    const { pictures } = await api.keptPictures();
    const own = pictures.filter((one) => one.made_by === "").slice(0, 6);
    node.hidden = own.length === 0;
    list.replaceChildren(...await Promise.all(own.map(async (one, place) => {
      const { content } = await api.keptPicture(one.picture_id);
      const remove = el("button", { type: "button", class: "link", onclick: async () => {
        await api.removePictures([one.picture_id]).catch((error) => say(error.message));
        again().catch((error) => say(error.message));
      } }, "Take out");
      return el("li", {},
        el("button", { type: "button", class: "kept-photo", onclick: () => use(one.picture_id) },
          el("img", { src: address(content), alt: `Your photo ${place + 1}`, width: 72, height: 96 })),
        remove);
    })));
  };
  again().catch(() => {}); // a closet that cannot be read is shown as none
  return { node, again: () => again().catch((error) => say(error.message)) };
}

/** On a fashion model that the visitor chooses. */
function onModel(chosen, models, ask) {
  const select = el("select", { id: "dressing-model" }, models.map((one) => el("option", { value: one.name }, `${capital(one.name)}, ${one.says}`)));
  const show = el("button", { type: "button", class: "button", onclick: () =>
    ask("Dressing …", () => api.dress({ model: select.value, products: [chosen.id] }), api.ofTheShopsPhoto) }, "See it on a model");
  return el(
    "div",
    { class: "dressing-way" },
    el("h3", {}, "On a model"),
    el("p", { class: "small" }, "Nobody that you see there exists: the figures are drawn."),
    el("label", { class: "small", for: "dressing-model" }, "Model"),
    select,
    show,
  );
}

/** A picture that was made, what to know of it, and what may be done with it. */
function result(answer, chosen, discard) {
  const content = address(answer.content);
  const file = () => new File([bytes(answer.content)], "picture.jpg", { type: "image/jpeg" });
  const keep = el("button", { type: "button", class: "button quiet" }, "Keep it in my closet");
  keep.addEventListener("click", () => keep.ariaDisabled !== "true" && once(keep, async () => {
    await api.keepPicture(file(), answer.seal);
    keep.textContent = "It is in your closet";
    keep.ariaDisabled = "true"; // and not `disabled`, which would take the focus away
  }));
  const place = el("div");
  const share = el("button", { type: "button", class: "button quiet" }, "Share it by a link");
  share.addEventListener("click", () => once(share, async () => {
    const made = await api.share(file(), answer.seal);
    place.replaceChildren(link(made, () => {
      share.hidden = false;
      share.focus();
      place.replaceChildren();
    }));
    place.querySelector("input").focus();
    share.hidden = true;
  }));
  return el(
    "div",
    { class: "dressed-result" },
    el("figure", {},
      el("img", { src: content, width: answer.width, height: answer.height, alt: `${chosen.title}, worn; a picture made by a computer` }),
      el("figcaption", { class: "small" }, MADE)),
    answer.notes.length ? el("ul", { class: "notes small" }, answer.notes.map((note) => el("li", {}, note))) : null,
    el("div", { class: "buy" }, keep, share,
      el("button", { type: "button", class: "button quiet", onclick: discard }, "Throw it away")),
    place,
  );
}

/** A link that friends may open: to copy, with when it ends, and how to take it back. */
function link(made, gone) {
  const text = new URL(api.ROOT + made.path, location.href).href;
  const field = el("input", { type: "text", readonly: true, value: text, "aria-label": "Link for friends", onfocus: () => field.select() });
  const copy = el("button", { type: "button", class: "button quiet", onclick: async () => {
    try {
      await navigator.clipboard.writeText(text);
      say("The link is copied.");
    } catch {
      field.focus(); // selected, for the browser lets nobody else copy here
    }
  } }, "Copy");
  const back = el("button", { type: "button", class: "button quiet", onclick: () => once(back, async () => {
    await api.revokeShares([made.share_id]);
    say("The link opens nothing any more.");
    gone();
  }) }, "Take it back");
  const until = new Date(made.expires_ms).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" });
  return el("div", { class: "share" }, field, copy, back, el("p", { class: "small" }, `Whoever has the link sees the picture until ${until}.`));
}

async function once(button, work) {
  if (button.ariaBusy === "true") return;
  button.ariaBusy = "true";
  try {
    await work();
  } catch (error) {
    say(error.message);
  } finally {
    button.ariaBusy = "false";
  }
}

const address = (content) => `data:${content.startsWith("UklG") ? "image/webp" : content.startsWith("iVBO") ? "image/png" : "image/jpeg"};base64,${content}`;
const bytes = (content) => Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
const capital = (word) => word[0].toUpperCase() + word.slice(1);
