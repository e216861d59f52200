// A file input that sends in pieces over a line that breaks: what arrived stays, the rest follows.
// <input type="file" data-mt-upload="/uploads/" data-mt-upload-ticket="…" data-mt-upload-words="{…}">
// What was sent is handed to the form in a hidden input; without this script the form sends the file.

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds before the next try
const FIRST_PIECE = 64 * 1024;
const PIECE_SECONDS = 3; // pieces grow or shrink until one takes about so long
const PATIENCE = 60_000;
const STEP = 25; // per cent between two things said aloud

class Refused extends Error {} // the server said no, with a sentence; trying again is vain

const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");

const make = (tag, name = "", text = "") => {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
};

// Waits so long, or until the line is back.
const pause = (seconds, signal) => new Promise((go) => {
  const timer = setTimeout(go, seconds * 1000);
  const now = () => (clearTimeout(timer), go());
  window.addEventListener("online", now, { once: true, signal });
  signal.addEventListener("abort", now, { once: true });
});

const uploader = (input) => {
  const { mtUpload: begin, mtUploadTicket: ticket, mtUploadWords } = input.dataset;
  const words = JSON.parse(mtUploadWords);
  const list = make("ul", "uploads");
  const told = make("p", "sr-only");
  const jobs = new Set();
  const wasRequired = input.required;
  told.setAttribute("role", "status");
  list.hidden = true;
  const more = make("button", "button button--plain", words.more);
  more.type = "button";
  more.hidden = true;
  more.addEventListener("click", () => input.click());
  input.after(list, more, told);
  input.form.querySelectorAll("[data-mt-plain-upload]").forEach((part) => { part.hidden = true; });

  // One thing at a time: the input, or the files on their way, or what arrived and a button for more.
  const look = () => {
    const all = [...jobs];
    const isTaken = all.some((job) => job.busy || job.hidden.name);
    input.classList.toggle("sr-only", isTaken);
    more.hidden = !input.multiple || !isTaken || all.some((job) => job.busy);
  };

  const say = (text) => { told.textContent = text; };
  const storedUnder = (file) =>
    `mt-upload|${location.pathname}|${input.name}|${file.name}|${file.size}|${file.lastModified}`;
  const recall = (file) => JSON.parse(sessionStorage.getItem(storedUnder(file)) ?? "null");
  const keep = (file, found) => sessionStorage.setItem(storedUnder(file), JSON.stringify(found));
  const forget = (file) => sessionStorage.removeItem(storedUnder(file));
  const csrf = () => input.form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  // One question to the server. A broken line and a server in trouble throw; a refusal is Refused.
  const ask = async (job, url, method, more = {}) => {
    const signal = AbortSignal.any([job.stop.signal, AbortSignal.timeout(PATIENCE)]);
    const headers = { "X-CSRFToken": csrf(), "Upload-Ticket": job.ticket, ...more.headers };
    const answer = await fetch(url, { method, signal, credentials: "same-origin", body: more.body, headers });
    if (answer.status >= 500) throw new Error(String(answer.status));
    const said = await answer.json().catch(() => ({}));
    if (answer.ok || answer.status === 409) return { status: answer.status, ...said };
    throw Object.assign(new Refused(said.error ?? ""), { status: answer.status });
  };

  const start = async (job) => {
    const found = recall(job.file);
    if (found && !job.url) {
      [job.ticket, job.url] = [found.ticket, found.url];
      try {
        return await ask(job, job.url, "GET");
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        [job.ticket, job.url] = [ticket, ""]; // swept meanwhile: from the beginning
      }
    }
    if (job.url) return ask(job, job.url, "GET");
    const body = new URLSearchParams({ name: job.file.name, size: job.file.size });
    const said = await ask(job, begin, "POST", { body });
    if (!said.url) throw new Refused(said.error ?? "");
    job.url = said.url;
    keep(job.file, { ticket: job.ticket, url: job.url });
    return said;
  };

  const show = (job, word) => {
    const percent = job.file.size ? Math.floor((job.offset / job.file.size) * 100) : 0;
    const text = fill(words[word], { name: job.file.name, percent });
    job.text.textContent = text;
    job.bar.value = percent;
    const step = `${word} ${Math.floor(percent / STEP)}`;
    if (step !== job.said) say(text);
    job.said = step;
  };

  const sendPieces = async (job, most) => {
    while (job.offset < job.file.size) {
      show(job, "sending");
      const began = performance.now();
      const body = job.file.slice(job.offset, job.offset + Math.min(job.piece, most));
      const headers = { "Upload-Offset": job.offset, "Content-Type": "application/octet-stream" };
      const said = await ask(job, job.url, "PATCH", { body, headers });
      if (said.offset === undefined) throw new Error("busy"); // an old line still hangs
      job.offset = said.offset;
      job.tries = 0;
      const wanted = (job.piece * PIECE_SECONDS * 1000) / Math.max(performance.now() - began, 1);
      job.piece = Math.max(16 * 1024, Math.min(most, wanted, job.piece * 4));
    }
  };

  const once = async (job) => {
    const found = await start(job);
    job.offset = found.offset ?? 0;
    await sendPieces(job, found.chunk);
    show(job, "checking");
    const said = found.handed ? found : await ask(job, `${job.url}finish/`, "POST");
    if (!said.handed) throw new Error("busy");
    hand(job, said);
  };

  const hand = (job, said) => {
    job.hidden.value = said.handed;
    job.hidden.name = `${input.name}_handed`;
    job.line.append(job.hidden);
    show(job, "done");
    settle(job);
    input.required = false;
  };

  const settle = (job) => {
    job.busy = false;
    job.bar.remove();
    if (![...jobs].some((one) => one.busy || one.isPlain)) input.value = "";
    look();
  };

  // The reason stays to be read. A ticket that ran out is no fault of the file: the form sends it.
  const giveUp = (job, error) => {
    forget(job.file);
    job.isPlain = error.status === 403 && !input.multiple;
    job.text.textContent = job.isPlain ? fill(words.plain, { name: job.file.name }) : error.message;
    if (!job.isPlain) job.line.classList.add("uploads__line--wrong");
    say(job.text.textContent);
    settle(job);
    if (!job.isPlain) job.cancel.remove();
    input.required = wasRequired && !list.querySelector("input");
  };

  const run = async (job) => {
    while (job.busy) {
      try {
        await once(job);
      } catch (error) {
        if (job.stop.signal.aborted) return;
        if (error instanceof Refused) giveUp(job, error);
        else {
          show(job, "waiting");
          await pause(PAUSES[Math.min(job.tries++, PAUSES.length - 1)], job.stop.signal);
        }
      }
    }
  };

  const drop = (job) => {
    job.stop.abort();
    jobs.delete(job);
    job.line.remove();
    list.hidden = jobs.size === 0;
    if (job.isPlain) input.value = "";
    if (job.url) {
      const headers = { "X-CSRFToken": csrf(), "Upload-Ticket": job.ticket };
      fetch(job.url, { method: "DELETE", headers }).catch(() => {});
    }
    forget(job.file);
    input.required = wasRequired && !list.querySelector("input");
    look();
  };

  const cancel = (job) => {
    drop(job);
    say(fill(words.cancelled, { name: job.file.name }));
    input.focus();
  };

  const take = (file) => {
    const job = {
      file, ticket, url: "", offset: 0, piece: FIRST_PIECE, tries: 0, busy: true, isPlain: false,
      said: "", stop: new AbortController(), line: make("li", "uploads__line"),
      text: make("span", "uploads__text"), bar: make("progress"), hidden: make("input"),
      cancel: make("button", "button button--plain", words.cancel),
    };
    job.hidden.type = "hidden";
    job.bar.max = 100;
    job.cancel.type = "button";
    job.cancel.setAttribute("aria-label", `${words.cancel} ${file.name}`);
    job.cancel.addEventListener("click", () => cancel(job));
    job.line.append(job.text, job.bar, job.cancel);
    list.append(job.line);
    list.hidden = false;
    jobs.add(job);
    run(job);
  };

  const choose = () => {
    const files = [...input.files];
    for (const job of [...jobs]) {
      const again = files.some((file) => file.name === job.file.name);
      if (!input.multiple || !job.busy && !job.hidden.name || again) drop(job);
    }
    files.forEach(take);
    look();
  };

  const send = (event) => {
    if ([...jobs].some((job) => job.busy)) {
      event.preventDefault();
      say("");
      say(words.busy);
      list.querySelector("button")?.focus();
    } else jobs.forEach((job) => forget(job.file));
  };

  input.addEventListener("change", choose);
  input.form.addEventListener("submit", send);
};

if (typeof AbortSignal.any === "function") {
  document.querySelectorAll("input[type=file][data-mt-upload]").forEach(uploader);
}
