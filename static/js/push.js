// Switches messages on and off in this browser. Without this file the page says that it shows none.

const box = document.querySelector("[data-push]");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

const say = (what) => {
  for (const each of box.querySelectorAll("[data-said]")) each.hidden = each.dataset.said !== what;
};
const offer = (what) => {
  for (const each of box.querySelectorAll("[data-switch]")) each.hidden = each.dataset.switch !== what;
};
const send = async (address, fields) => {
  const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token });
  const answer = await fetch(address, { method: "POST", body, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
};
const fieldsOf = (subscription) => {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth };
};
const registered = async () => {
  const registration = await navigator.serviceWorker.register(box.dataset.worker);
  const worker = registration.installing || registration.waiting;
  if (worker && !registration.active) {
    await new Promise((done) => worker.addEventListener("statechange", () => worker.state === "activated" && done()));
  }
  return registration;
};

const switchOn = async () => {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  const registration = await registered();
  const wanted = { userVisibleOnly: true, applicationServerKey: box.dataset.key };
  const subscription = await registration.pushManager.subscribe(wanted);
  try {
    await send(box.dataset.on, fieldsOf(subscription));
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
  show(subscription);
};
const switchOff = async () => {
  const registration = await registered();
  const subscription = await registration.pushManager.getSubscription();
  if (subscription) {
    await send(box.dataset.off, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  show(null);
};
const show = (subscription) => {
  say(subscription ? "on" : "");
  offer(subscription ? "off" : "on");
};

const start = async () => {
  const registration = await registered();
  const subscription = await registration.pushManager.getSubscription();
  // The nook may have forgotten this phone, or another family switched messages on here.
  const known = subscription && box.dataset.known.split(" ").includes(subscription.endpoint);
  show(known ? subscription : null);
};

if (box && able) {
  for (const button of box.querySelectorAll("[data-switch]")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      await (button.dataset.switch === "on" ? switchOn : switchOff)().catch(() => say("failed"));
      button.disabled = false;
    });
  }
  start().catch(() => { say("failed"); offer("on"); });
}
