// What is typed is saved while one types. Where the line is down it is said so, and tried again.

const WAIT = 1200;
const RETRY = 8000;

const withoutFiles = (form) => {
  const data = new FormData(form);
  [...form.elements]
    .filter((one) => one.type === "file")
    .forEach((one) => data.delete(one.name));
  return data;
};

const bind = (form) => {
  const told = form.querySelector("[data-mt-saved]");
  let timer = 0;
  let isSent = false;
  let isDirty = false;

  const save = async () => {
    if (isSent || !isDirty) return;
    try {
      const answer = await fetch(form.action || window.location.href, {
        method: "POST",
        body: withoutFiles(form),
        headers: { "X-Mingtang-Save": "1" },
        credentials: "same-origin",
      });
      if (answer.status !== 204) return;
      isDirty = false;
      told.textContent = told.dataset.mtSaved;
    } catch {
      told.textContent = told.dataset.mtAway;
      later(RETRY);
    }
  };
  const later = (wait) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, wait);
  };

  form.addEventListener("input", () => {
    isDirty = true;
    later(WAIT);
  });
  form.addEventListener("submit", () => {
    isSent = true;
    window.clearTimeout(timer);
  });
  window.addEventListener("online", () => later(0));
};

document.querySelectorAll("form[data-mt-autosave]").forEach(bind);
