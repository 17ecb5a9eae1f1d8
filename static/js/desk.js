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
  listAgain();
};
// A scan does not wait for the work lists: they follow when the hands pause.
const PAUSE = 600; // ms
let pause = 0;
const listAgain = () => {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const lists = document.getElementById("work-lists");
    if (!lists || busy || line.length || offline.active) return;
    const answer = await fetch(lists.dataset.lists).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    lists.innerHTML = await answer.text();
    htmx.process(lists);
  }, PAUSE);
};
const watch = () => {
  clearTimeout(idle);
  const seconds = Number(document.getElementById("desk")?.dataset.idle);
  if (seconds) idle = setTimeout(() => offline.active || location.assign(here.dataset.desk), (seconds + 5) * 1000);
};

// Scans wait in line: the next may be "typed" while the last is still on its way. Without network they are kept.
const line = [];
let busy = false;
let trouble = null; // null, "network" or "server": how the last request ended
const practising = () => "practice" in (document.getElementById("desk")?.dataset ?? {});
const send = async (values) => {
  trouble = null;
  await htmx
    .ajax("POST", here.querySelector(".scan").action, { target: "#desk", swap: "outerHTML", values })
    .catch(() => (trouble ??= "network"));
  return !trouble;
};
const scanned = () => ({ ...Object.fromEntries(new FormData(here.querySelector(".scan"))), code: line[0] });
const online = async () => {
  const values = scanned();
  let through = await send(values);
  for (let again = 0; !through && again < RETRIES; again += 1) {
    await new Promise((wake) => setTimeout(wake, 1000));
    through = await send(values);
  }
  if (through) line.shift();
  else if (trouble === "network" && !practising()) await withoutNetwork(values);
  else giveUp();
};
// The scan that did not get through goes first, under its own id: if it was counted, it is not counted twice.
const withoutNetwork = async (values) => {
  if (await offline.start(values.patron)) await keep(values);
  else giveUp();
};
const keep = async (values) => {
  await offline.take(line[0], values.scan_id, values.patron);
  line.shift();
  await offline.show();
  answered();
};
const next = async () => {
  if (busy || !line.length) return;
  busy = true;
  try {
    await (offline.active ? keep({}) : online());
  } catch (error) {
    console.error(error);
    giveUp();
  }
  busy = false;
  next();
};
const giveUp = () => {
  const words = document.getElementById("desk-failed").content.cloneNode(true);
  words.querySelector("[data-codes]").textContent = line.splice(0).join(", ") || "–";
  document.getElementById("desk-answer").replaceChildren(words);
  answered();
};
// The network is back and all is sent: the desk is asked how it stands before the next scan is looked at.
const back = async () => {
  if (!offline.active) return;
  while (busy) await new Promise((wake) => setTimeout(wake, 20));
  busy = true;
  trouble = null;
  // A scan may have been kept while the others were sent.
  const sent = await offline.send().catch(() => false);
  if (sent) {
    await htmx.ajax("GET", here.dataset.desk, { target: "#desk", swap: "outerHTML" }).catch(() => (trouble = "network"));
  }
  if (sent && !trouble) await offline.ended();
  else setTimeout(offline.look, 1000);
  busy = false;
  next();
};
document.addEventListener("desk:online", back);

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-finish]") && offline.active) {
    event.preventDefault();
    event.stopImmediatePropagation();
    offline.finish();
  }
  if (!event.target.matches(".scan")) return;
  event.preventDefault();
  line.push(box().value);
  box().value = "";
  next();
}, true);

// What is half typed when an answer comes stays in the box.
let typed = "";
document.body.addEventListener("htmx:beforeSwap", () => (typed = box()?.value ?? ""));
document.body.addEventListener("htmx:afterSwap", () => {
  box().value = typed;
  answered();
});
const GONE = [502, 503, 504]; // a proxy that answers for a server that does not
const ended = (how) => {
  trouble = how;
  if (!busy) giveUp();
};
document.body.addEventListener("htmx:responseError", (event) =>
  ended(GONE.includes(event.detail.xhr.status) ? "network" : "server"),
);
for (const silence of ["htmx:sendError", "htmx:timeout"]) document.body.addEventListener(silence, () => ended("network"));

// Keys. A scan that arrives while nothing has the focus still lands in the box.
const press = (selector) => document.querySelector(selector)?.click();
const KEYS = {
  Escape: () => press("[data-finish] button"),
  F2: () => (box().select(), box().focus()),
  F8: () => press("[data-undo]"),
  F9: () => press("[data-camera]"),
};
document.addEventListener("keydown", (event) => {
  if (KEYS[event.key] && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    KEYS[event.key]();
  }
  if (document.activeElement === document.body && event.key.length === 1 && !event.ctrlKey && !event.metaKey) box()?.focus();
});

// On paper: only the slip that was asked for.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-print]");
  if (!button) return;
  document.body.dataset.slip = button.dataset.print;
  print();
});
window.addEventListener("afterprint", () => delete document.body.dataset.slip);

offline.ready.then(async () => {
  if (document.body.dataset.shell) await offline.start();
  // Scans of another day still wait: they go before any new one.
  if (document.body.dataset.shell || (await store.scans()).length) {
    await offline.start();
    await offline.look();
  } else {
    offline.send().catch(() => {});
  }
});
watch();
