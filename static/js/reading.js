// Reads the page aloud, thing by thing, each in its own language, and shows which it is at. Silent languages are passed
// over; where the device has no voice for any of them the button does not appear.
"use strict";

const reader = document.querySelector("[data-read-page]");
const READ = "h1, h2, h3, p, li, dt, dd, legend, label, summary, .badge, .button, .tile, .chip, .notice";
const short = (code) => code.slice(0, 2).toLowerCase();
const spoken = () => new Set(speechSynthesis.getVoices().map((voice) => short(voice.lang)));
const languageOf = (node) => node.parentElement.closest("[lang]").lang;

// Every visible text once, with the thing on the page that it belongs to.
const texts = () => {
  const found = [];
  const walk = document.createTreeWalker(document.getElementById("main"), NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const words = node.textContent.trim();
    const box = node.parentElement.closest(READ);
    if (!words || !box || !box.checkVisibility() || node.parentElement.closest(".cover")) continue;
    const last = found.at(-1);
    if (last?.box === box && last.language === languageOf(node)) last.words += ` ${words}`;
    else found.push({ words, box, language: languageOf(node) });
  }
  return found;
};

let line = [];
const stop = () => {
  line = [];
  speechSynthesis.cancel();
  document.querySelector(".is-read")?.classList.remove("is-read");
  reader.setAttribute("aria-pressed", "false");
};
const next = () => {
  document.querySelector(".is-read")?.classList.remove("is-read");
  const now = line.shift();
  if (!now) return stop();
  now.box.classList.add("is-read");
  now.box.scrollIntoView({ block: "center" });
  const said = new SpeechSynthesisUtterance(now.words);
  said.lang = now.language;
  said.onend = said.onerror = next;
  speechSynthesis.speak(said);
};
const start = () => {
  const known = spoken();
  line = texts().filter((text) => known.has(short(text.language)));
  reader.setAttribute("aria-pressed", "true");
  next();
};

if (reader && "speechSynthesis" in window) {
  const offer = () => (reader.hidden = !texts().some((text) => spoken().has(short(text.language))));
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
  reader.addEventListener("click", () => (line.length || speechSynthesis.speaking ? stop() : start()));
  window.addEventListener("pagehide", stop);
}
