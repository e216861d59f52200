// Who signs out leaves nothing of theirs in this browser: accounts that were begun (kept_draft.js),
// files on their way (upload.js), pages in other windows. The server hears that it was done; where
// it was not, it tells the browser to empty its storage.

const MINE = ["mingtang-draft:", "mt-upload|"];
const LEAVING = "mt-leaving"; // in this window, until the page that follows the sign-out
const LEFT = "mt-left"; // written and taken away again: other windows hear of it

const sweep = (storage) =>
  Object.keys(storage)
    .filter((name) => MINE.some((prefix) => name.startsWith(prefix)))
    .forEach((name) => storage.removeItem(name));

const form = document.querySelector("form[data-mt-leave]");

form?.addEventListener("submit", () => {
  try {
    [localStorage, sessionStorage].forEach(sweep);
    sessionStorage.setItem(LEAVING, "1");
    form.elements.cleared.value = "1";
  } catch {
    // storage is switched off: there is nothing in it
  }
});

// Nobody is signed in any more: now a page of another window that asks anew is told so.
const tell = () => {
  if (!sessionStorage.getItem(LEAVING)) return;
  sessionStorage.removeItem(LEAVING);
  localStorage.setItem(LEFT, "1");
  localStorage.removeItem(LEFT);
};

const follow = (event) => {
  if (event.key !== LEFT || event.newValue === null) return;
  sweep(sessionStorage);
  location.replace("/");
};

try {
  if (form) addEventListener("storage", follow);
  else tell();
} catch {
  // storage is switched off
}

// Nobody has touched a terminal of the hall for a while (idle.js): true where somebody is signed in.
export const leave = () => {
  form?.requestSubmit();
  return Boolean(form);
};
