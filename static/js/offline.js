// The desk without network: goes on lending and taking back, keeps each scan on disk before it says so, and sends
// them all when the network is back. desk.js asks it; nothing here needs the server to answer.
"use strict";

const offline = (() => {
  const panel = document.getElementById("offline");
  const { desk, worker, pulse, snapshot, upload } = panel.dataset;
  const SECOND_BEEP = 3000; // ms in which the same code counts once
  const IDLE = 180000; // ms until an open family is closed, as at the desk with network
  const OLD_LIST = 24 * 3600 * 1000; // ms after which the list is thrown away
  const REFRESH = 600000; // ms until the list is asked for again
  const ASK_EVERY = 3000; // ms between looks for the network
  const PATIENCE = 6000; // ms for each request
  const AT_ONCE = 100; // scans an upload
  let active = false;
  let family = null; // {card, patron, at} of the family that is open here
  let last = null; // {code, at} of the last scan
  let asking = 0;

  // What was scanned
  const HANGUL = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ";
  const KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM";
  const compact = (raw) =>
    [...raw.normalize("NFC")]
      .map((sign) => (HANGUL.includes(sign) ? KEYS[HANGUL.indexOf(sign)] : sign))
      .join("")
      .normalize("NFKC")
      .replace(/[\p{Cc}\p{Cf}\p{Pd}\p{Z}]/gu, "")
      .toUpperCase()
      .replace(/^(\][A-Z]\d)+/, "");
  const luhn = (digits) =>
    [...digits].reverse().reduce((sum, digit, at) => {
      const twice = Number(digit) * (at % 2 ? 2 : 1);
      return sum + (twice > 9 ? twice - 9 : twice);
    }, 0) % 10 === 0;
  const ours = (code, prefix) => /^\d{14}$/.test(code) && code[0] === prefix && luhn(code);
  const newId = () =>
    crypto.randomUUID?.() ??
    "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
      (+c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+c / 4)))).toString(16),
    );
  const cardState = async (code) => {
    const about = await store.about().catch(() => null);
    if (!about?.salt || !crypto.subtle) return ours(code, "2") ? "unlisted" : null;
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(about.salt + code));
    const hash = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 8);
    return (await store.card(hash)) ?? (ours(code, "2") ? "unlisted" : null);
  };

  // What is said
  const say = (name, words = {}) => {
    const said = document.getElementById(`offline-${name}`).content.cloneNode(true);
    for (const [slot, text] of Object.entries(words)) {
      const place = said.querySelector(`[data-${slot}]`);
      if (place && text) place.textContent = text;
      if (place && words.lang && slot === "title") place.lang = words.lang;
    }
    document.getElementById("desk-answer").replaceChildren(said);
  };
  const time = (moment) =>
    new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(new Date(moment));
  const show = async () => {
    const waits = await store.scans();
    panel.hidden = !active && !waits.length;
    panel.querySelector("[data-number]").textContent = waits.length;
    const about = await store.about().catch(() => null);
    panel.querySelector("[data-age]").textContent = about ? time(about.at) : "–";
    const list = document.getElementById("offline-waiting");
    list.hidden = !waits.length;
    list.querySelector("[data-waiting]").replaceChildren(...waits.slice(-12).reverse().map(row));
    panel.querySelector("[data-family]").hidden = !family;
    panel.querySelector("[data-card]").textContent = family?.card ? `…${family.card.slice(-4)}` : "";
    if (active) label();
  };
  const label = () => {
    const words = document.getElementById(family ? "offline-label-lend" : "offline-label-any").content.textContent;
    document.querySelector(".scan__label span").textContent = words;
    document.querySelector(".scan").classList.toggle("panel--accent", Boolean(family));
  };
  const row = (scan) => {
    const item = document.getElementById(`offline-row-${scan.kind}`).content.cloneNode(true);
    item.querySelector("[data-title]").textContent = scan.title || scan.barcode;
    item.querySelector("[data-title]").lang = scan.lang || "";
    item.querySelector("[data-time]").textContent = time(scan.scanned_at);
    const form = item.querySelector("button");
    form.addEventListener("click", async () => {
      await store.remove([scan.n]);
      last = null;
      say("undone", scan);
      await show();
    });
    return item;
  };
  const report = async () => {
    const html = await store.kept("report");
    const place = document.getElementById("offline-report");
    place.hidden = !html;
    if (html) place.querySelector("[data-report]").innerHTML = html;
  };

  // One scan
  const open = async (value) => {
    family = value;
    await (value ? store.keep("family", value) : store.drop("family"));
  };
  const take = async (raw, id, patron) => {
    const code = compact(raw);
    const now = Date.now();
    if (family && now - family.at > IDLE) await open(null);
    const again = last && last.code === code && now - last.at < SECOND_BEEP;
    last = { code, at: now };
    if (!code) return say("unknown");
    if (again) return say("again", { code });
    const card = await cardState(code);
    if (card) return scanCard(code, card);
    if (/^97[89]\d{10}$/.test(code)) return say("isbn", { code });
    return scanBook(code, id, patron, now);
  };
  const scanCard = async (code, state) => {
    if (state === "blocked") return say("blocked");
    if (family?.card === code) {
      await open(null);
      return say("finished");
    }
    await open({ card: code, at: Date.now() });
    return say(state === "ok" ? "card" : state, { code: `…${code.slice(-4)}` });
  };
  const scanBook = async (code, id, patron, now) => {
    const [title, lang] = (await store.book(code).catch(() => null)) ?? [];
    const kind = family ? "check_out" : "check_in";
    // Without a card the family is known by a reader of it; else only a reader that was chosen counts.
    const reader = family && Number(patron || family.reader || (family.card ? 0 : family.patron));
    if (family) await open({ ...family, at: now });
    await store.add({
      scan_id: id || newId(), kind, barcode: code, scanned_at: new Date(now).toISOString(),
      card_number: family?.card ?? "", patron: reader || null, title, lang,
    });
    say(kind, { title: title ?? code, lang });
    if (!title) document.querySelector("#desk-answer [data-unlisted]").hidden = false;
  };

  // Going without network, and back
  // Returns whether scans may go on: not for a family that has nothing to be told by.
  const start = async (reader) => {
    if (active) return true;
    active = true;
    const here = document.getElementById("desk")?.dataset;
    const known = here && (here.card || here.patron) ? { card: here.card, patron: here.patron, reader } : null;
    const kept = await store.kept("family");
    await open(known ? { ...known, at: Date.now() } : document.body.dataset.shell ? (kept ?? null) : null);
    document.getElementById("desk")?.classList.add("desk--offline");
    clearTimeout(asking);
    asking = setTimeout(look, ASK_EVERY);
    await show();
    return !(here && "idle" in here && !known);
  };
  const ask = (address, options = {}) =>
    fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
  // Returns whether the network and the session are there and nothing waits any more.
  const look = async () => {
    clearTimeout(asking);
    const back = await send().catch(() => false);
    if (!back) asking = setTimeout(look, ASK_EVERY);
    else document.dispatchEvent(new CustomEvent("desk:online"));
    return back;
  };
  const sendOnce = async () => {
    const answer = await ask(pulse);
    const out = answer.type === "opaqueredirect" || answer.status === 403;
    panel.querySelector("[data-sign-in]").hidden = !out;
    if (!answer.ok) return false;
    const { token, version } = await answer.json();
    let waits = await store.scans();
    // Without a scan the server still has to hear which family is open now.
    if (!waits.length && active && !(await sendSome([], token))) return false;
    for (; waits.length; waits = await store.scans()) {
      if (!(await sendSome(waits.slice(0, AT_ONCE), token))) return false;
    }
    refresh(version).catch(() => {});
    return true;
  };
  // Two pages of one browser send in turn.
  const send = () => (navigator.locks ? navigator.locks.request("nook-upload", sendOnce) : sendOnce());
  const sendSome = async (scans, token) => {
    const body = JSON.stringify({
      sent_at: new Date().toISOString(),
      family: !active || (family && !family.card) ? null : (family?.card ?? ""),
      scans: scans.map(({ n, title, lang, ...scan }) => scan),
    });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const answer = await ask(upload, { method: "POST", body, headers, signal: AbortSignal.timeout(60000) });
    if (!answer.ok) return false;
    const { done, html } = await answer.json();
    if (!scans.length) return true;
    const before = (await store.kept("report")) ?? "";
    await store.keep("report", before + html);
    await store.remove(scans.filter((scan) => done.includes(scan.scan_id)).map((scan) => scan.n));
    await Promise.all([report(), show()]);
    return done.length > 0;
  };
  const ended = async () => {
    active = false;
    await open(null);
    await show();
  };

  // The list
  const refresh = async (version) => {
    const about = await store.about().catch(() => null);
    if (about?.version === version) return store.putAbout({ ...about, at: Date.now() });
    const first = await (await ask(snapshot, { signal: AbortSignal.timeout(60000) })).json();
    await store.empty("books");
    await store.empty("cards");
    await store.put("cards", Object.entries(first.cards));
    for (let page = first; page; ) {
      await store.put("books", Object.entries(page.books));
      page = page.after && (await (await ask(`${snapshot}?after=${page.after}`)).json());
    }
    await store.putAbout({ salt: first.salt, version, at: Date.now() });
  };

  const setUp = async () => {
    document.getElementById("offline-report").querySelector("button").addEventListener("click", async () => {
      await store.drop("report");
      await report();
    });
    const about = await store.about().catch(() => null);
    if (about && Date.now() - about.at > OLD_LIST) await store.forgetList();
    navigator.serviceWorker?.register(worker, { scope: desk }).catch(() => {});
    await report();
    await show();
  };
  // "online" only says that a cable is in; look() finds out.
  window.addEventListener("online", () => active && look());
  const ready = setUp();
  setInterval(() => !active && send().catch(() => {}), REFRESH);
  return {
    ready, start, take, look, show, ended, send,
    get active() { return active; },
    finish: async () => { await open(null); say("finished"); await show(); },
  };
})();
