// Comforts only: every page works without this file.
"use strict";

// A list of languages closes when the finger goes elsewhere or on Escape.
const languages = document.querySelector("details.languages");
if (languages) {
  document.addEventListener("click", (event) => {
    if (!languages.contains(event.target)) languages.open = false;
  });
  languages.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      languages.open = false;
      languages.querySelector("summary").focus();
    }
  });
}

// A chosen sort order is taken at once; the button stays for those without this file.
for (const select of document.querySelectorAll("select[data-send]")) {
  select.addEventListener("change", () => select.form.submit());
  const button = select.form.querySelector("[data-send-button]");
  if (button) button.hidden = true;
}

// "Read aloud" appears only where the phone has a voice for that language.
const voices = () => new Set(speechSynthesis.getVoices().map((voice) => voice.lang.slice(0, 2).toLowerCase()));
const offer = () => {
  const known = voices();
  for (const button of document.querySelectorAll("button[data-say]")) {
    button.hidden = !known.has(button.dataset.sayLang.slice(0, 2).toLowerCase());
  }
};
if ("speechSynthesis" in window && document.querySelector("button[data-say]")) {
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-say]");
    if (!button) return;
    const said = new SpeechSynthesisUtterance(button.dataset.say);
    said.lang = button.dataset.sayLang;
    speechSynthesis.cancel();
    speechSynthesis.speak(said);
  });
}

// What a device keeps for use without network leaves it with the volunteer or the family; scans that wait to be sent stay.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  indexedDB.deleteDatabase("nook-snapshot");
  indexedDB.deleteDatabase("nook-family");
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// On a shared device who leaves without signing out is signed out, before the next one comes.
const LEFT = 120_000; // ms without a touch or a key
if ("shared" in document.body.dataset) {
  let idle = 0;
  const leave = () => document.querySelector("[data-sign-out]")?.requestSubmit();
  const here = () => {
    clearTimeout(idle);
    idle = setTimeout(leave, LEFT);
  };
  for (const sign of ["pointerdown", "keydown", "scroll"]) document.addEventListener(sign, here, { passive: true });
  here();
}
