// The desk by keyboard: j/k choose a row, Enter or o opens it, x ticks it, / searches, s scans,
// ? lists the keys. A letter shown on a button (data-mt-key) goes there and unfolds or follows it;
// what would act on a case waits for Enter. Ctrl+Enter sends a form.

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

const tick = () => current()?.querySelector("[data-mt-tick]")?.click();
const scan = () => one("[data-mt-scan-field]")?.focus();
const pressButton = (key) => {
  const button = one(`[data-mt-key="${CSS.escape(key)}"]`);
  const fold = button?.closest("details:not([open])");
  if (fold) fold.open = true;
  button?.focus();
  if (button && button.type !== "submit") button.click();
  return Boolean(button);
};
const open = () => current()?.querySelector("[data-mt-link]").click();
const search = () => one("[data-mt-search]")?.focus();
const list = () => one("#shortcuts")?.showModal();

const KEYS = { j: () => move(1), k: () => move(-1), o: open, x: tick, "/": search, "?": list };
if (one("[data-mt-scan-field]")) KEYS.s = scan;

const send = (event) => {
  const form = event.target.closest?.("form");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
};

const press = (event) => {
  if (isOff() || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isWriting(event.target) || one("dialog[open]")) return;
  const verb = KEYS[event.key];
  if (verb) verb();
  if (verb || (event.key.length === 1 && pressButton(event.key))) event.preventDefault();
};

const follow = (event) => {
  const row = event.target.closest("[data-mt-row]");
  if (row && row !== current()) choose(row);
};

const showHints = () => all("[data-mt-hints]").forEach((hint) => (hint.hidden = false));

const bindSwitch = () => {
  const box = one("[data-mt-shortcuts-on]");
  if (!box) return;
  box.checked = !isOff();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "0" : "1"));
};

document.addEventListener("keydown", press);
document.addEventListener("keydown", send);
one("[data-mt-rows]")?.addEventListener("focusin", follow);
all("[data-mt-open]").forEach((button) => button.addEventListener("click", list));
bindSwitch();
showHints();
