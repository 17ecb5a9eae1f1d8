// What a family's phone keeps to show without network: fetched on "My family", shown on the page without network,
// forgotten on signing out. Nothing of it ever lies in the cache of pages.
"use strict";

const DATABASE = "nook-family";
const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
const opened = () => {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore("kept");
  return asked(request);
};
const keep = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) return;
  const what = await answer.json();
  const base = await opened();
  await asked(base.transaction("kept", "readwrite").objectStore("kept").put(what, "family"));
  base.close();
};
const kept = async () => {
  const base = await opened();
  const what = await asked(base.transaction("kept").objectStore("kept").get("family"));
  base.close();
  return what;
};

const language = document.documentElement.lang;
const dayOf = new Intl.DateTimeFormat(language, { weekday: "short", day: "numeric", month: "short" });
const inDays = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
const until = (moment) => {
  if (!moment) return "";
  const date = new Date(moment);
  const days = Math.round((midnight(date) - midnight(new Date())) / 86_400_000);
  return `${dayOf.format(date)} (${inDays.format(days, "day")})`;
};
const section = (name) => document.querySelector(`[data-kept="${name}"]`);
const fill = (name, books) => {
  const row = document.getElementById("kept-row").content;
  for (const book of books) {
    const item = row.cloneNode(true);
    Object.assign(item.querySelector("[data-title]"), { textContent: book.title, lang: book.lang, dir: book.dir });
    item.querySelector("[data-until]").textContent = until(book.until);
    section(name).querySelector("[data-rows]").append(item);
  }
  section(name).hidden = !books.length;
};
const show = async () => {
  const what = await kept();
  section("nothing").hidden = Boolean(what);
  if (!what) return;
  section("as_of").querySelector("[data-value]").textContent = new Date(what.as_of).toLocaleString(language);
  section("as_of").hidden = false;
  if (what.card) {
    section("card").querySelector("[data-drawing]").innerHTML = what.card.drawing;
    section("card").querySelector("[data-value]").textContent = what.card.number;
    section("card").hidden = false;
  }
  fill("ready", what.ready);
  fill("loans", what.loans);
};

const mine = document.querySelector("[data-keep]");
if (mine) {
  keep(mine.dataset.keep);
  navigator.serviceWorker?.register(mine.dataset.worker);
}
if ("keptShown" in document.body.dataset) {
  show();
  // The page asked for stands in the address: it is asked for again as soon as the server can be reached.
  const again = async () => {
    const there = navigator.onLine && (await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null));
    if (there) location.reload();
  };
  document.querySelector("[data-again]").addEventListener("click", (event) => (event.preventDefault(), location.reload()));
  window.addEventListener("online", again);
  setInterval(again, 3000);
}
