// The desk without a mouse: scans are taken in order however fast they come, the box keeps the focus, and each answer
// has its own tone. Works without this file too.
"use strict";

const here = document.getElementById("desk-here");
const box = () => document.getElementById("code");
const PATIENCE = 8000; // ms until a scan counts as not got through
const RETRIES = 2; // the scan's id makes a repeat harmless
htmx.config.timeout = PATIENCE;

// Sounds
const TONES = { good: [880, 1175], attention: [660, 660, 880], bad: [220, 180], calm: [660] };
const sound = document.getElementById("sound");
sound.closest("label").hidden = false;
sound.checked = localStorage.getItem("desk-sound") !== "off";
sound.addEventListener("change", () => localStorage.setItem("desk-sound", sound.checked ? "on" : "off"));
let speaker = null;
const play = (tone) => {
  if (!sound.checked) return;
  speaker ??= new AudioContext();
  (TONES[tone] ?? []).forEach((pitch, index) => {
    const note = speaker.createOscillator();
    const loudness = speaker.createGain();
    const start = speaker.currentTime + index * 0.13;
    note.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.12, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.12);
    note.connect(loudness).connect(speaker.destination);
    note.start(start);
    note.stop(start + 0.12);
  });
};

// A new answer: focus, tone, words for screen readers, and a look at the clock for the open family.
let idle = 0;
const answered = () => {
  const said = here.querySelector("[data-tone]");
  if (said) {
    play(said.dataset.tone);
    document.getElementById("desk-says").textContent = said.innerText;
  }
  box()?.focus();
  watch();
};
const watch = () => {
  clearTimeout(idle);
  const seconds = Number(document.getElementById("desk")?.dataset.idle);
  if (seconds) idle = setTimeout(() => location.assign(here.dataset.desk), (seconds + 5) * 1000);
};

// Scans wait in line: the next may be "typed" while the last is still on its way.
const line = [];
let busy = false;
let failed = false;
const send = async (values) => {
  failed = false;
  await htmx
    .ajax("POST", here.querySelector(".scan").action, { target: "#desk", swap: "outerHTML", values })
    .catch(() => (failed = true));
  return !failed;
};
const next = async () => {
  if (busy || !line.length) return;
  busy = true;
  const values = { ...Object.fromEntries(new FormData(here.querySelector(".scan"))), code: line[0] };
  let through = await send(values);
  for (let again = 0; !through && again < RETRIES; again += 1) {
    await new Promise((wake) => setTimeout(wake, 1000));
    through = await send(values);
  }
  if (through) line.shift();
  else giveUp();
  busy = false;
  next();
};
const giveUp = () => {
  const words = document.getElementById("desk-failed").content.cloneNode(true);
  words.querySelector("[data-codes]").textContent = line.splice(0).join(", ") || "–";
  document.getElementById("desk-answer").replaceChildren(words);
  answered();
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".scan")) return;
  event.preventDefault();
  line.push(box().value);
  box().value = "";
  next();
});

// What is half typed when an answer comes stays in the box.
let typed = "";
document.body.addEventListener("htmx:beforeSwap", () => (typed = box()?.value ?? ""));
document.body.addEventListener("htmx:afterSwap", () => {
  box().value = typed;
  answered();
});
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(trouble, () => {
    failed = true;
    if (!busy) giveUp();
  });
}

// A scan that arrives while nothing has the focus still lands in the box.
document.addEventListener("keydown", (event) => {
  if (document.activeElement === document.body && event.key.length === 1 && !event.ctrlKey && !event.metaKey) box()?.focus();
});
watch();
