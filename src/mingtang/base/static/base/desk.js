// The desk by keyboard: j/k choose a row, Enter or o opens it, / searches, ? lists the keys.

const OFF = "mt-shortcuts-off";
const all = (selector) => [...document.querySelectorAll(selector)];
const one = (selector) => document.querySelector(selector);

const isOff = () => localStorage.getItem(OFF) === "1";
const isWriting = (target) => target.matches("input, select, textarea, [contenteditable]");

const current = () => one("[data-mt-row][data-mt-current]");

const choose = (row) => {
  if (!row) return;
  current()?.removeAttribute("data-mt-current");
  row.setAttribute("data-mt-current", "");
  row.querySelector("[data-mt-link]").focus();
  row.scrollIntoView({ block: "nearest" });
};

const move = (by) => {
  const rows = all("[data-mt-row]");
  const at = rows.indexOf(current());
  choose(at < 0 ? rows[0] : rows[Math.min(Math.max(at + by, 0), rows.length - 1)]);
};

const open = () => current()?.querySelector("[data-mt-link]").click();
const search = () => one("[data-mt-search]")?.focus();
const list = () => one("#shortcuts").showModal();

const KEYS = { j: () => move(1), k: () => move(-1), o: open, "/": search, "?": list };

const press = (event) => {
  const verb = KEYS[event.key];
  if (!verb || isOff() || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isWriting(event.target) || one("dialog[open]")) return;
  event.preventDefault();
  verb();
};

const follow = (event) => {
  const row = event.target.closest("[data-mt-row]");
  if (row && row !== current()) choose(row);
};

const showHints = () => all("[data-mt-hints]").forEach((hint) => (hint.hidden = false));

const bindSwitch = () => {
  const box = one("[data-mt-shortcuts-on]");
  box.checked = !isOff();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "0" : "1"));
};

document.addEventListener("keydown", press);
one("[data-mt-rows]")?.addEventListener("focusin", follow);
all("[data-mt-open]").forEach((button) => button.addEventListener("click", list));
bindSwitch();
showHints();
