// The calls this page makes. Recommendations and events travel in the very shape of /v1, so that the
// browser's network tab shows a merchant's developer what to send.

import { act, current, newEventId, tellTabs } from "./visitor.js";

export const ROOT = document.body.dataset.root;
const cameFrom = new Map(); // product id -> the recommendation that showed it, so that a click can be credited

async function call(path, body) {
  const json = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(`${ROOT}/shop/api/${path}`, body instanceof FormData ? { method: "POST", body } : json);
  } catch {
    throw new Error("The shop's server does not answer. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) {
    const error = new Error(words(answer) ?? `The server answered ${response.status}.`);
    throw Object.assign(error, { status: response.status, code: answer?.error?.code, seen: answer?.error?.seen });
  }
  return answer;
}

function words(answer) {
  const detail = answer?.error?.message ?? answer?.message ?? answer?.detail;
  if (typeof detail === "string") return detail;
  return Array.isArray(detail) ? detail.map((one) => one.msg).join(" ") : null;
}

/** What to say where the shop's own photo of a product cannot carry what was asked: a visitor can send no better one. */
export const ofTheShopsPhoto = ({ code, seen, message }) => (code === "photo_refused" && seen ? `The shop's photo of it cannot carry this. ${seen}` : message);

export const shop = () => call("shop");
export const product = (id) => call(`product?${new URLSearchParams({ id })}`);
/** What the reviews of a product say: a /v1/reviews answer. */
export const reviews = (id) => call(`reviews?${new URLSearchParams({ product_id: id, n: 2 })}`);
export const shopper = () => call(`shopper?${new URLSearchParams(who())}`);

/** A product's description for this visitor. */
export const ownText = (id) => call(`own-text?${new URLSearchParams({ product_id: id, ...who() })}`);

/** One page of the shelf: `{products, total, next}`. */
export function products({ category = [], after = 0 } = {}) {
  const query = new URLSearchParams({ after });
  for (const name of category) query.append("category", name);
  return call(`products?${query}`);
}

/** The visitor in the words of /v1/recommendations: a shopper id, or the anonymous id until log-in. */
const who = () => ({ shopper: current().id });

/** Ask for a rail. `request` is a /v1/recommendations body without the visitor. */
export const recommend = (request) => call("recommendations", { ...who(), ...request });

/** Ask for products like one product. `request` is a /v1/similar body. */
export const similar = (request) => call("similar", request);

/** What is the visitor's own. */
export const wishes = () => call(`wishes?${new URLSearchParams(who())}`);
export const closet = () => call(`closet?${new URLSearchParams(who())}`);
export const tastes = (n) => call(`tastes?${new URLSearchParams({ ...who(), n })}`);
export function declare(liked) {
  act();
  return call("tastes", { ...who(), tastes: liked });
}

export const takeOutOfCloset = (items) => call("closet/remove", { ...who(), closet_items: items });
export const outfit = (request) => call("outfits", { ...who(), own_first: true, ...request });

export async function unwish(productId) {
  await call("wishes/remove", { ...who(), product_ids: [productId] });
  tellTabs();
}

export function hangUp(photo) {
  const form = new FormData();
  form.append("photo", photo, photo.name);
  form.append("shopper", current().id);
  return call("closet", form);
}

/** A design on a product: a picture, a song, or a design that is laid otherwise; a /v1/studio/customise answer. */
export function customise(fields) {
  const form = new FormData();
  form.append("shopper", current().id);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return call("customise", form);
}

/** What the dressing room can do with a product, and how it turns: /v1/studio/fittings and /v1/studio/turn answers. */
export const fittings = (id) => call(`fittings?${new URLSearchParams({ product_id: id })}`);
export const turn = (id) => call(`turn?${new URLSearchParams({ product_id: id })}`);

/** A piece on a photo of the visitor's own: `{photo}`, or `{picture_id}` of one in their closet; a /v1/studio/try-on answer. */
export function tryOn(id, { photo, picture_id }) {
  if (!photo) return call("try-on", { ...who(), product_id: id, picture_id });
  const form = new FormData();
  form.append("photo", photo, photo.name);
  form.append("product_id", id);
  form.append("shopper", current().id);
  return call("try-on", form);
}

/** Products on a fashion model: `{model, products}`; a /v1/studio/dress answer. */
export const dress = (fields) => call("dress", { ...who(), ...fields });

/** Pictures in the visitor's closet, and links for their friends. A picture that was made here goes with its seal. */
export const keptPictures = () => call(`closet/pictures?${new URLSearchParams(who())}`);
export const keptPicture = (id) => call("closet/pictures/show", { ...who(), picture_id: id });
export const removePictures = (ids) => call("closet/pictures/remove", { ...who(), picture_ids: ids });
export const keepPicture = (picture, seal) => call("closet/pictures", pictureForm(picture, seal));
export const share = (picture, seal) => call("shares", pictureForm(picture, seal));
export const revokeShares = (ids) => call("shares/remove", { ...who(), share_ids: ids });

function pictureForm(picture, seal) {
  const form = new FormData();
  form.append("picture", picture, picture.name);
  form.append("shopper", current().id);
  if (seal) form.append("seal", seal);
  return form;
}

/** Pictures of products that do not exist; `request` is a /v1/studio/imagine body. */
export const imagine = (request) => call("imagine", request);

/** Products by words. `request` is a /v1/search body; a personal one is the visitor's. */
export const search = (request) => call("search", request.personal ? { ...who(), ...request } : request);

/** What may be meant by what is being typed. */
export const completions = (text) => call(`search/completions?${new URLSearchParams({ text })}`);

/** Products like those on a photo; `fields` are those of /v1/search/image. */
export function searchPhoto(photo, fields) {
  const form = new FormData();
  form.append("photo", photo);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return call("search/image", form);
}

/** Remember that this answer led the visitor to this product. */
export const credit = (productId, recommendationId) => cameFrom.set(productId, recommendationId);

/** Tell the workshop what just happened. Resolves once the events are stored; throws when one was refused. */
export async function tell(kind, ...things) {
  const { id, known } = current();
  const events = things.map((thing) => ({
    event_id: newEventId(),
    kind,
    ...(known ? { shopper_id: id } : { anonymous_id: id }),
    ...(cameFrom.has(thing.product_id) ? { recommendation_id: cameFrom.get(thing.product_id) } : {}),
    ...thing,
  }));
  const { rejected } = await call("events", { events });
  act();
  tellTabs();
  if (rejected.length) throw new Error(`The shop could not use this: ${rejected[0].field} ${rejected[0].seen}. ${rejected[0].fix}`);
}
