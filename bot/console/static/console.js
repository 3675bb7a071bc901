// The little that needs a script: keys, what survives a refresh of the queue, counters of letters, lost connections.
"use strict";
(() => {
  document.documentElement.classList.add("js");
  const rows = () => [...document.querySelectorAll("[data-row]")];
  let at = null;

  function mark(row, focus) {
    rows().forEach((one) => one.classList.toggle("at", one === row));
    at = row ? row.dataset.row : null;
    if (row && focus) { row.querySelector("a").focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
  }
  function step(by) {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((one) => one.dataset.row === at);
    mark(all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1)], true);
  }
  function sheet() {
    const dialog = document.getElementById("keys");
    if (dialog) dialog.open ? dialog.close() : dialog.showModal();
  }
  // Chosen questions: counted, and still chosen after the list has refreshed itself.
  const boxes = () => [...document.querySelectorAll("input.pick")];
  function picked() {
    const form = document.querySelector("[data-bulk]"), count = boxes().filter((box) => box.checked).length;
    if (!form) return;
    form.hidden = !count;
    form.querySelector("[data-picked]").textContent = form.querySelector("[data-picked]").dataset.picked.replace("{count}", count);
  }
  let chosen = new Set();
  document.addEventListener("htmx:beforeSwap", () => { chosen = new Set(boxes().filter((box) => box.checked).map((box) => box.value)); });
  document.addEventListener("htmx:afterSwap", () => { boxes().forEach((box) => { box.checked = chosen.has(box.value); }); picked(); });
  document.addEventListener("change", (event) => { if (event.target.matches("input.pick")) picked(); });
  picked();

  // A letter names what stands in the marked row, else on the page: a button is pressed, a fold opened, a field entered.
  function named(letter) {
    const things = [...document.querySelectorAll(`main [data-key="${letter}"]`)];
    return things.find((one) => one.closest("[data-row].at")) || things.find((one) => !one.closest("[data-row]"));
  }
  function enter(thing) {
    if (thing.matches("button, a")) { thing.click(); return; }
    if (thing.matches("details")) thing.open = true;
    const field = thing.matches("details") ? thing.querySelector("[data-first]") || thing.querySelector("textarea, select, input:not([type=hidden])") : thing;
    field.focus();
  }
  // The letter on the key: with a Greek keyboard "ρ" stands on the key of "r".
  const letter = (event) => (/^Key[A-Z]$/.test(event.code) && !/^[\x20-\x7e]$/.test(event.key) ? event.code[3].toLowerCase() : event.key);
  const KEYS_OFF = "rrm-keys-off", keysOff = () => localStorage.getItem(KEYS_OFF) === "yes";
  const KEYS = {
    j: () => step(1), k: () => step(-1), "?": sheet,
    "/": () => document.querySelector("[data-find]")?.focus(),
    g: () => { location.href = "/queue"; }, h: () => { location.href = "/held"; },
    x: () => { const box = rows().find((one) => one.dataset.row === at)?.querySelector("input[type=checkbox]"); if (box) { box.checked = !box.checked; picked(); } },
    u: () => document.querySelector("[data-up]")?.click(),
  };
  function press(event) {
    if (event.key === "Enter") {
      if (event.target === document.body && at) rows().find((one) => one.dataset.row === at)?.querySelector("a").click();
      return;
    }
    const key = letter(event), thing = /^[a-z]$/.test(key) ? named(key) : null;
    if (!thing && !Object.hasOwn(KEYS, key)) return;
    event.preventDefault();
    thing ? enter(thing) : KEYS[key]();
  }
  document.addEventListener("keydown", (event) => {
    const form = event.target.form;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && form) {
      event.preventDefault();
      const main = form.querySelector("button.main"), ways = form.querySelectorAll("button:not([type=button])");
      if (main || ways.length === 1) form.requestSubmit(main || ways[0]);  // of several, nobody has chosen one yet
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key !== "j" && event.key !== "k") return;
    if (keysOff() || document.querySelector("dialog[open]") && event.key !== "?" || event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    press(event);
  });
  // Who dictates to the machine turns single letters off (WCAG 2.2, 2.1.4).
  const choice = document.querySelector("[data-keys-on]");
  if (choice) choice.checked = !keysOff();
  choice?.addEventListener("change", () => (choice.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "yes")));
  if (document.querySelector("[data-first-row]")) mark(rows()[0], false);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) sheet();
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-above]");
    if (!button) return;
    const field = document.getElementById(button.dataset.above);
    field.value = `${document.getElementById(button.dataset.from).textContent.trim()}\n\n${field.value.trim()}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    button.disabled = true;
    field.focus();
  });
  // A file is read here and sent as the text of a plain form.
  document.addEventListener("change", async (event) => {
    if (!event.target.matches("[data-into]") || !event.target.files.length) return;
    const bytes = new Uint8Array(await event.target.files[0].arrayBuffer());
    const told = document.getElementById(event.target.getAttribute("aria-describedby")), field = document.getElementById(event.target.dataset.into);
    field.value = "";
    try { field.value = new TextDecoder("utf-8", { fatal: true }).decode(bytes); told.hidden = true; } catch { told.hidden = false; }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-send]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-all]")) {
      document.querySelectorAll("input[name=message]").forEach((box) => { box.checked = event.target.checked; });
    }
  });

  // A form goes once: a second press of an impatient finger is swallowed.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) { event.preventDefault(); return; }
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // Of tabs that are wider than the screen, the chosen one is seen.
  const tab = document.querySelector(".tab[aria-current]");
  if (tab && tab.parentElement.scrollWidth > tab.parentElement.clientWidth) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 24;

  // What was typed into an editor and not saved is not lost to a wrong click. Nothing listens while there is nothing to lose.
  const stay = (event) => event.preventDefault();
  if (document.querySelector("[data-unsaved]")) window.addEventListener("beforeunload", stay);
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-guard]")) window.addEventListener("beforeunload", stay); });
  document.addEventListener("submit", (event) => { if (event.target.matches("form[data-guard]")) window.removeEventListener("beforeunload", stay); });

  // What is typed to people stays in this tab until it has been sent: a session may end while somebody writes.
  const DRAFT = "rrm-draft ", SENT = "rrm-sent";
  const drafts = (begin) => Object.keys(sessionStorage).filter((name) => name.startsWith(begin));
  const of = (form) => `${DRAFT}${form.dataset.keep} ${new URL(form.action).pathname} `;
  const is_sent = new URL(location.href).searchParams.has("told") && sessionStorage.getItem(SENT);
  if (is_sent) drafts(is_sent).forEach((name) => sessionStorage.removeItem(name));
  sessionStorage.removeItem(SENT);
  document.querySelectorAll("form[data-keep] textarea").forEach((field) => {
    const kept = sessionStorage.getItem(of(field.form) + field.name);
    if (kept === null || kept === field.value) return;
    field.value = kept;
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    window.addEventListener("beforeunload", stay);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches("form[data-keep] textarea")) return;
    const name = of(event.target.form) + event.target.name;
    event.target.value === event.target.defaultValue ? sessionStorage.removeItem(name) : sessionStorage.setItem(name, event.target.value);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-keep]")) sessionStorage.setItem(SENT, of(event.target));
    if (event.target.matches("form[action='/sign-out']")) drafts(DRAFT).forEach((name) => sessionStorage.removeItem(name));
  });

  // Letters counted while writing.
  function count(field) {
    const told = document.getElementById(field.dataset.count), limit = Number(field.dataset.limit);
    const left = limit - [...field.value].length;
    const said = left < 0 ? field.dataset.over : field.dataset.left;
    told.textContent = said.replace("{count}", Math.abs(left)).replace("{most}", limit);
    told.classList.toggle("over", left < 0);
    if ("quiet" in field.dataset) told.hidden = left > limit / 10;
  }
  document.querySelectorAll("[data-count]").forEach(count);
  document.addEventListener("input", (event) => { if (event.target.matches("[data-count]")) count(event.target); });

  // The refreshing queue: the marked row stays marked, the focused link stays focused, a lost connection is said.
  let focused = null;
  document.addEventListener("htmx:beforeSwap", () => { focused = document.activeElement?.closest?.("[data-row]")?.dataset.row || null; });
  document.addEventListener("htmx:afterSwap", () => {
    const row = rows().find((one) => one.dataset.row === (focused || at));
    if (row) mark(row, Boolean(focused));
  });
  const lost = (is) => { const banner = document.getElementById("lost"); if (banner) banner.hidden = !is; };
  document.addEventListener("htmx:sendError", () => lost(true));
  document.addEventListener("htmx:responseError", () => lost(true));
  document.addEventListener("htmx:afterOnLoad", () => lost(false));
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) lost(false); });

  // "?told=…" has been read; a reload need not say it again.
  const url = new URL(location.href);
  if (url.searchParams.has("told")) { url.searchParams.delete("told"); history.replaceState(null, "", url); }
})();
