// The service worker of a family's phone. The server puts KEPT = {files, languages} before it. It keeps the empty page
// "No network" in the languages that were read here, and its files: never a page with a name or a book on it.
"use strict";

const CACHE = "nook-phone-1";
const nobody = (url) => new Request(url, { credentials: "omit", cache: "no-cache" });
const shellOf = (path) => {
  const code = path.split("/")[1];
  return KEPT.languages.includes(code) ? `/${code}/offline/` : null;
};
const cached = async (url) => (await caches.open(CACHE)).match(url, { ignoreSearch: true });
const keep = async (urls) => (await caches.open(CACHE)).addAll(urls.map(nobody));

self.addEventListener("install", (event) => event.waitUntil(keep(KEPT.files).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forget().then(() => self.clients.claim())));
const forget = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("nook-phone-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
};

// One fresh shell a language and start of the worker; a page that came is never held up by it.
const fresh = new Set();
const keepShell = async (path) => {
  const shell = shellOf(path);
  if (!shell || fresh.has(shell)) return;
  fresh.add(shell);
  await keep([shell]).catch(() => fresh.delete(shell));
};

self.addEventListener("message", (event) => event.waitUntil(keepShell(event.data.path)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (KEPT.files.includes(url.pathname)) event.respondWith(fetch(request).catch(() => cached(url.pathname)));
});

const page = async (event, path) => {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(keepShell(path));
    return answer;
  } catch {
    const any = async () => {
      const urls = (await (await caches.open(CACHE)).keys()).map((each) => new URL(each.url).pathname);
      const shell = urls.find((each) => each.endsWith("/offline/"));
      return shell ? cached(shell) : undefined;
    };
    return (await cached(shellOf(path) ?? "")) ?? (await any()) ?? Response.error();
  }
};
