// The board: pages follow one another, rows go at their end, what is new is fetched every minute.
// Without the network the last content stays, as long as its rows may be shown.

import { beat } from "./device.js";

const board = document.querySelector("[data-mt-board]");
const pages = () => [...board.querySelectorAll("[data-mt-page]")];
const offset = Number(board.dataset.mtNow) - Date.now();
const clock = () => new Date(Date.now() + offset);
let shown = 0;

const dropWhatIsOver = () => {
  board.querySelectorAll("[data-mt-until]").forEach((row) => {
    if (Number(row.dataset.mtUntil) <= clock().getTime()) row.remove();
  });
};

const show = (place) => {
  const all = pages();
  shown = all.length ? place % all.length : 0;
  all.forEach((page, at) => { page.hidden = at !== shown; });
};

const turnPage = () => {
  dropWhatIsOver();
  show(shown + 1);
  pages()[shown]?.classList.add("board__page--turned");
};

const tellTime = () => {
  const told = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false,
  }).format(clock());
  board.querySelectorAll("[data-mt-clock]").forEach((place) => { place.textContent = told; });
};

const refresh = async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-mt-content]");
    if (!fresh) return;
    board.querySelector("[data-mt-content]").replaceWith(fresh);
    show(shown);
    tellTime();
  } catch {
    dropWhatIsOver();
  }
};

setInterval(turnPage, 1000 * Number(board.dataset.mtSeconds));
setInterval(tellTime, 10_000);
setInterval(refresh, 60_000);
const live = () => beat(pages()[shown]?.dataset.mtPage || "");
setInterval(live, 60_000);
live();
