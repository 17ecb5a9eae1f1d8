// A button with data-camera="id of the box" scans with the camera: the code goes into the box and its form is sent.
// With data-many the camera stays open for the next. The reader is the browser's own, else the one in static/vendor,
// which is fetched only when the button is pressed.
"use strict";

(() => {
  const { vendor } = document.currentScript.dataset;
  const FORMATS = ["code_128", "ean_13"];
  const PAUSE = 2500; // ms in which the same code counts once
  const EVERY = 120; // ms between looks
  if (!navigator.mediaDevices?.getUserMedia) return;

  const load = (address) =>
    new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: address, onload: resolve, onerror: reject });
      document.head.append(script);
    });
  const native = async () => {
    const known = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
    return FORMATS.every((format) => known.includes(format)) ? BarcodeDetector : null;
  };
  const reader = async () => {
    const own = await native();
    if (own) return new own({ formats: FORMATS });
    if (!window.BarcodeDetectionAPI) await load(`${vendor}ponyfill.js`);
    BarcodeDetectionAPI.prepareZXingModule({ overrides: { locateFile: (name) => vendor + name } });
    return new BarcodeDetectionAPI.BarcodeDetector({ formats: FORMATS });
  };

  const dialog = () => document.getElementById("camera");
  const tell = (name) => {
    for (const words of dialog().querySelectorAll("[data-when]")) words.hidden = words.dataset.when !== name;
  };
  const video = () => dialog().querySelector("video");
  let stream = null;
  let button = null;
  let last = { code: "", at: 0 };

  const stop = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video().srcObject = null;
    document.getElementById(button?.dataset.camera)?.focus();
  };
  const found = (code) => {
    const now = Date.now();
    if (code === last.code && now - last.at < PAUSE) return (last.at = now);
    last = { code, at: now };
    const box = document.getElementById(button.dataset.camera);
    box.value = code;
    if (!("many" in button.dataset)) dialog().close();
    navigator.vibrate?.(60);
    return box.form.requestSubmit();
  };
  const watch = async (detector) => {
    while (stream && dialog().open) {
      const codes = video().readyState >= 2 ? await detector.detect(video()).catch(() => []) : [];
      if (codes.length && stream) found(codes[0].rawValue);
      await new Promise((wake) => setTimeout(wake, EVERY));
    }
  };
  const light = () => {
    const track = stream.getVideoTracks()[0];
    const lamp = dialog().querySelector("[data-light]");
    lamp.hidden = !track.getCapabilities?.().torch;
    lamp.onclick = () => {
      const on = lamp.getAttribute("aria-pressed") !== "true";
      lamp.setAttribute("aria-pressed", String(on));
      track.applyConstraints({ advanced: [{ torch: on }] }).catch(() => {});
    };
  };
  const REFUSED = ["NotAllowedError", "SecurityError"];
  const start = async (pressed) => {
    button = pressed;
    last = { code: "", at: 0 };
    tell("wait");
    dialog().showModal();
    try {
      const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
      video().srcObject = stream;
      await video().play();
      light();
      const detector = await reader();
      tell("ready");
      if (!dialog().open) return stop();
      return await watch(detector);
    } catch (error) {
      stop();
      return tell(REFUSED.includes(error.name) ? "refused" : "none");
    }
  };

  const offer = (root) => root.querySelectorAll?.("[data-camera]").forEach((each) => (each.hidden = false));
  offer(document);
  document.addEventListener("htmx:afterSwap", () => offer(document));
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-camera]");
    if (pressed) start(pressed);
    if (event.target.closest("[data-camera-close]")) dialog().close();
  });
  dialog().addEventListener("close", stop);
})();
