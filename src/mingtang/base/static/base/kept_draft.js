// What is typed stays on this device until the server has it, so that a lost line loses nothing.
// A form says `data-mt-draft="key"`; the page that follows says which command arrived, and the copy
// goes. Copies that nobody sent go after a week, at the sign-out (leaving.js), and before anybody else
// sees them: the page says whose they are (`data-mt-draft-of`).

const PREFIX = "mingtang-draft:";
const WEEK = 7 * 24 * 3600 * 1000;

const fields = (form) =>
  [...form.elements].filter(
    (one) => one.name && one.name !== "csrfmiddlewaretoken" && !["file", "submit"].includes(one.type),
  );

const read = (name) => {
  try {
    return JSON.parse(window.localStorage.getItem(name));
  } catch {
    return null;
  }
};

const write = (name, value) => {
  try {
    window.localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or not allowed here: the page works as without a script
  }
};

const sweep = (taken, person) => {
  Object.keys(window.localStorage)
    .filter((name) => name.startsWith(PREFIX))
    .forEach((name) => {
      const kept = read(name);
      const isOld = !kept || Date.now() - kept.at > WEEK || kept.of !== person;
      if (isOld || (taken && kept.values.command_id === taken)) window.localStorage.removeItem(name);
    });
};

const bind = (form, person) => {
  const name = PREFIX + form.dataset.mtDraft;
  const told = form.querySelector("[data-mt-draft-says]");
  const kept = read(name);
  if (kept && !form.querySelector(".field--wrong")) {
    fields(form).forEach((one) => {
      if (one.name in kept.values) one.value = kept.values[one.name];
    });
    told.textContent = told.dataset.mtDraftSays;
  }
  form.addEventListener("input", () => {
    const values = Object.fromEntries(fields(form).map((one) => [one.name, one.value]));
    if (write(name, { at: Date.now(), of: person, values })) told.textContent = told.dataset.mtDraftSays;
  });
};

const page = document.querySelector("[data-mt-draft-taken]");
if (page) {
  try {
    const person = page.dataset.mtDraftOf;
    sweep(page.dataset.mtDraftTaken, person);
    document.querySelectorAll("form[data-mt-draft]").forEach((form) => bind(form, person));
  } catch {
    // storage is switched off: nothing is kept, everything else works
  }
}
