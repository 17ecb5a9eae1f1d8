// The desk's service worker. The server puts KEPT = {desk, shell, files, vendor} before it. It keeps the empty desk and its
// files, never a page with a name on it: what is kept was fetched without cookies.
"use strict";

const CACHE = "nook-desk-1";
const PATIENCE = 4000; // ms until a page counts as not coming
const GONE = [502, 503, 504]; // a proxy that answers for a server that does not

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});
const nobody = (url) => new Request(url, { credentials: "omit", cache: "no-cache" });
const keep = async () => (await caches.open(CACHE)).addAll([KEPT.shell, ...KEPT.files].map(nobody));
// A newer version takes the place of the kept one as it is met.
const renew = async (url) => (await caches.open(CACHE)).add(nobody(url)).catch(() => {});

self.addEventListener("activate", (event) => event.waitUntil(forget().then(() => self.clients.claim())));
const forget = async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith("nook-desk-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate" && (path === KEPT.desk || path === KEPT.shell)) {
    event.respondWith(fromNetwork(request, KEPT.shell));
    event.waitUntil(renew(KEPT.shell));
  } else if (KEPT.files.includes(path)) {
    event.respondWith(fromNetwork(request, path));
    event.waitUntil(renew(path));
  } else if (path.startsWith(KEPT.vendor)) {
    event.respondWith(keptOnce(request));
  }
});

const fromNetwork = async (request, name) => {
  const waited = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  const asked = fetch(request).catch(() => null);
  const soon = await Promise.race([asked, waited]);
  if (soon && !GONE.includes(soon.status)) return soon;
  const kept = await caches.match(name);
  return kept ?? (await asked) ?? Response.error();
};

// The camera's reader is large and never changes under its name: kept when it was first wanted.
const keptOnce = async (request) => {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
};
