// Where the desk without network keeps things: scans until they are sent, and a list of books without any name.
// Two databases, because signing out deletes the list and must never delete a scan.
"use strict";

const store = (() => {
  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const opening = {};
  const open = (name, make) => {
    opening[name] ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => make(request.result);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const close = () => delete opening[name];
        request.result.onversionchange = () => (request.result.close(), close());
        request.result.onclose = close;
        resolve(request.result);
      };
    });
    return opening[name];
  };
  const waiting = () =>
    open("nook-scans", (base) => {
      base.createObjectStore("scans", { keyPath: "n", autoIncrement: true });
      base.createObjectStore("kept");
    });
  const list = () =>
    open("nook-snapshot", (base) => ["books", "cards", "about"].forEach((name) => base.createObjectStore(name)));
  // A write is done when the disk has it, not when it was asked for.
  const write = async (base, name, work) => {
    const change = (await base).transaction(name, "readwrite", { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      change.oncomplete = () => resolve();
      change.onerror = change.onabort = () => reject(change.error);
    });
    work(change.objectStore(name));
    return done;
  };
  const read = async (base, name, work) => asked(work((await base).transaction(name).objectStore(name)));

  return {
    scans: () => read(waiting(), "scans", (scans) => scans.getAll()),
    add: (scan) => write(waiting(), "scans", (scans) => scans.add(scan)),
    remove: (keys) => write(waiting(), "scans", (scans) => keys.forEach((key) => scans.delete(key))),
    kept: (key) => read(waiting(), "kept", (kept) => kept.get(key)),
    keep: (key, value) => write(waiting(), "kept", (kept) => kept.put(value, key)),
    drop: (key) => write(waiting(), "kept", (kept) => kept.delete(key)),
    book: (barcode) => read(list(), "books", (books) => books.get(barcode)),
    card: (hash) => read(list(), "cards", (cards) => cards.get(hash)),
    about: () => read(list(), "about", (about) => about.get("list")),
    putAbout: (value) => write(list(), "about", (about) => about.put(value, "list")),
    empty: (name) => write(list(), name, (all) => all.clear()),
    put: (name, entries) => write(list(), name, (all) => entries.forEach(([key, value]) => all.put(value, key))),
    forgetList: () => asked(indexedDB.deleteDatabase("nook-snapshot")),
  };
})();
