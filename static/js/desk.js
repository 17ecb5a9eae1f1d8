// The desk without a mouse: the scan box keeps the focus, and each answer has its own tone. Works without this file too.
"use strict";

const here = document.getElementById("desk-here");
const TONES = { good: [880, 1175], attention: [660, 660, 880], bad: [220, 180], calm: [660] };
let sound = null;

const play = (tone) => {
  sound ??= new AudioContext();
  (TONES[tone] ?? []).forEach((pitch, index) => {
    const note = sound.createOscillator();
    const loudness = sound.createGain();
    const start = sound.currentTime + index * 0.13;
    note.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.12, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.12);
    note.connect(loudness).connect(sound.destination);
    note.start(start);
    note.stop(start + 0.12);
  });
};

const ready = () => {
  document.getElementById("code")?.focus();
};

new MutationObserver((changes) => {
  if (!changes.some((change) => [...change.addedNodes].some((node) => node.id === "desk"))) return;
  ready();
  const said = here.querySelector("[data-tone]");
  if (said) play(said.dataset.tone);
}).observe(here, { childList: true });

// A scan that arrives while nothing has the focus still lands in the box.
document.addEventListener("keydown", (event) => {
  if (document.activeElement === document.body && event.key.length === 1 && !event.ctrlKey && !event.metaKey) ready();
});
