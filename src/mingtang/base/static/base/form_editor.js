// The editor of forms: what is written shows at once as applicants will see it; settings that are
// not for the kind of a question are put away. Without this script “预览” does the same.

const WAIT = 700;
const editor = document.querySelector("[data-mt-form-editor]");
const panel = document.querySelector("[data-mt-preview]");
let timer = 0;
let asked = 0;

const fetchPanel = async (address, body) => {
  const number = (asked += 1);
  const answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.querySelector("[data-mt-preview]");
  if (!found || number !== asked) return; // no such page, or a later answer is on its way
  panel.replaceChildren(...found.childNodes);
  panel.dispatchEvent(new CustomEvent("mt:swapped", { bubbles: true }));
};

const preview = () => {
  const body = new FormData(editor);
  body.set("act", "preview");
  body.set("only", "preview");
  fetchPanel(editor.action, body).catch(() => {}); // the button still works
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(preview, WAIT);
};

const tryOut = (event) => {
  if (!event.target.matches("[data-mt-try]")) return;
  event.preventDefault();
  const body = new FormData(event.target, event.submitter);
  fetchPanel(event.target.action, body)
    .then(() => panel.querySelector("[data-mt-focus]")?.focus())
    .catch(() => event.target.submit());
};

const settle = (ask) => {
  const kind = ask.querySelector("select[name$='-kind']").value;
  ask.querySelectorAll("[data-mt-kinds]").forEach((block) => {
    if (block.closest("[data-mt-ask]") !== ask) return;
    block.hidden = !block.dataset.mtKinds.split(" ").includes(kind);
  });
};

// The number of a comparison is asked for only where something is compared with a number.
const settleNumber = (cell) => {
  const chosen = cell.closest(".cells").querySelector("select[name$='-when']").value;
  cell.hidden = !/ at_(least|most)$/.test(chosen);
};
const settleNumbers = () => editor.querySelectorAll("[data-mt-compares]").forEach(settleNumber);

const rename = (field) => {
  const name = field.closest("[data-mt-ask]")?.querySelector("[data-mt-ask-name]");
  if (name && field.name.endsWith("-title") && field.value) name.textContent = field.value;
};

editor.addEventListener("input", (event) => {
  rename(event.target);
  later();
});
editor.addEventListener("change", (event) => {
  const ask = event.target.closest("[data-mt-ask]");
  if (ask) settle(ask);
  settleNumbers();
  later();
});
panel.addEventListener("submit", tryOut);
editor.querySelectorAll("[data-mt-ask]").forEach(settle);
settleNumbers();
