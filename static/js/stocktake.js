// Scans of a stock-take: noted on this device first and sent one by one, so that none is lost without network, and
// none counts twice (each has an id of its own). Works without this file too, with network.
"use strict";

const form = document.getElementById("stocktake");
if (form) {
  const key = `stocktake-${form.dataset.key}`;
  const box = form.elements.barcode;
  const said = form.querySelector("[data-said]");
  const waiting = form.querySelector("[data-waiting]");
  const refused = form.querySelector("[data-refused]");
  const count = document.querySelector("[data-count]");
  const AGAIN = 4000; // ms between tries without network
  const PATIENCE = 8000; // ms until an answer counts as lost
  const queue = () => JSON.parse(localStorage.getItem(key) ?? "[]");
  const keep = (items) => localStorage.setItem(key, JSON.stringify(items));

  const shown = (answer) => {
    said.dataset.right = answer.right ? "1" : "0";
    said.replaceChildren();
    const title = document.createElement("bdi");
    title.textContent = answer.title || answer.barcode;
    if (answer.language) title.lang = answer.language;
    said.append(title, ` · ${answer.words} ${answer.advice}`);
    if (answer.first && count) count.textContent = Number(count.textContent) + 1;
  };
  const stateOf = (lost) => {
    const items = queue();
    waiting.hidden = !(lost && items.length);
    waiting.querySelector("[data-number]").textContent = items.length;
  };

  let busy = false;
  const send = async () => {
    if (busy) return;
    busy = true;
    let lost = false;
    for (let items = queue(); items.length && !lost; items = queue()) {
      const [item] = items;
      const body = new FormData(form);
      body.set("barcode", item.barcode);
      body.set("scan_id", item.id);
      try {
        const signal = AbortSignal.timeout(PATIENCE);
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, signal });
        if (!answer.ok || answer.redirected) throw new Error(answer.status);
        const told = await answer.json();
        if (told.refused) {
          refused.hidden = false;
          refused.querySelector("[data-words]").textContent = `${item.barcode}: ${told.refused}`;
        } else {
          shown(told);
        }
        keep(queue().filter((each) => each.id !== item.id));
      } catch {
        lost = true; // it stays in the queue, and is tried again
      }
    }
    busy = false;
    stateOf(lost);
    if (lost) setTimeout(send, AGAIN);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const barcode = box.value.trim();
    box.value = "";
    box.focus();
    if (!barcode) return;
    keep([...queue(), { barcode, id: crypto.randomUUID() }]);
    send();
  });
  addEventListener("online", send);
  send();
}
