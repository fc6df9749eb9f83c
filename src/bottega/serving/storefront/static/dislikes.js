// What a visitor wants to see no more: kept in this browser, and sent as a filter with every request for a list.

import { current, read, write } from "./visitor.js";

const key = () => `bottega.not.${current().id}`;

/** Attribute -> values. */
export const disliked = () => read(key()) ?? {};

export function dislike(attribute, value, yes) {
  const all = disliked();
  const others = (all[attribute] ?? []).filter((one) => one !== value);
  write(key(), { ...all, [attribute]: yes ? [...others, value] : others });
}

/** The filter that leaves them out, as a part of a request; a product goes that has any of them. */
export function notForMe() {
  const not = Object.entries(disliked())
    .filter(([, values]) => values.length)
    .map(([attribute, values]) => (attribute === "category" || attribute === "brand" ? { [attribute]: values } : { attributes: { [attribute]: values } }));
  return not.length ? { filter: { not } } : {};
}
