// Photos that somebody searched with or hung into the closet, kept in this browser alone, so that a page survives being
// loaded anew. Where the browser keeps nothing (private windows), they last as long as the page.

const MOST = 40;
const here = new Map();
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("bottega", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "id" }).createIndex("at", "at");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Keep a photo under a name; the oldest go when there are many. */
export async function keep(id, file) {
  here.set(id, file);
  try {
    const writing = (await open()).transaction("photos", "readwrite");
    const store = writing.objectStore("photos");
    await done(store.put({ id, file, at: Date.now() }));
    const keys = await done(store.index("at").getAllKeys());
    for (const old of keys.slice(0, -MOST)) store.delete(old);
    await new Promise((resolve, reject) => {
      writing.oncomplete = resolve;
      writing.onabort = () => reject(writing.error);
    });
  } catch {
    // it is still in `here`
  }
}

/** The photo kept under a name; null where it is not here any more. */
export async function recall(id) {
  if (here.has(id)) return here.get(id);
  try {
    const found = await done((await open()).transaction("photos").objectStore("photos").get(id));
    return found?.file ?? null;
  } catch {
    return null;
  }
}
