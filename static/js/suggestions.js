// Suggestions under the search box, as an ARIA combobox. htmx fetches them; without this file the form works alone.
"use strict";

// Half of what a first page would weigh is htmx: it comes when a finger goes to the box.
const load = (source, then) => {
  const script = document.createElement("script");
  script.src = source;
  script.addEventListener("load", then);
  document.head.append(script);
};
const htmxSource = document.currentScript.dataset.htmx;

for (const list of document.querySelectorAll("form.search .suggestions")) {
  const form = list.closest("form");
  const box = form.elements.q;
  let at = -1; // the option that the keys are on; -1 is the box itself
  let wanted = false; // until Escape or a search: an answer that comes later stays away

  const point = (to) => {
    const options = list.children;
    options[at]?.setAttribute("aria-selected", "false");
    at = to;
    options[at]?.setAttribute("aria-selected", "true");
    options[at]?.scrollIntoView({ block: "nearest" });
    if (options[at]) box.setAttribute("aria-activedescendant", options[at].id);
    else box.removeAttribute("aria-activedescendant");
  };
  const show = (open) => {
    point(-1);
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
  };
  const dismiss = () => {
    wanted = false;
    show(false);
  };
  const take = (option) => {
    box.blur(); // ends a syllable that an input method still holds
    box.value = option.textContent;
    form.requestSubmit();
  };
  const step = (by) => {
    const places = list.children.length + 1;
    if (list.hidden) show(true);
    point(((at + 1 + by + places) % places) - 1);
  };

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  show(false);

  const loaded = () => {
    htmx.process(form); // by itself it would wait for a page that has long been ready
    if (wanted) htmx.trigger(box, "input");
  };
  box.addEventListener("focus", () => load(htmxSource, loaded), { once: true });
  box.addEventListener("input", () => (wanted = true));
  box.addEventListener("blur", () => show(false));
  form.addEventListener("submit", dismiss);
  list.addEventListener("htmx:afterSwap", () => {
    show(wanted && list.children.length > 0 && document.activeElement === box);
  });
  // The box keeps the focus while a finger or the mouse is on the list.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && list.children.length) step(steps[event.key]);
    else if (event.key === "Enter" && at >= 0) take(list.children[at]);
    else if (event.key === "Escape" && !list.hidden) dismiss();
    else return;
    event.preventDefault();
  });
}
