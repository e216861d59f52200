// The board: pages follow one another, rows go at their end, what is new is fetched every minute,
// calls every few seconds. Without the network the last content stays, also over a restart (board_worker.js),
// with its time and as long as its rows may be shown.

import { callAloud, isSilent } from "./call.js";
import { beat } from "./device.js";

const OFFSET = "mt-board-offset";
const board = document.querySelector("[data-mt-board]");
const cutOff = document.querySelector("[data-mt-cut-off]");
const silent = document.querySelector("[data-mt-silent]");
const isKept = board.hasAttribute("data-mt-kept");
const pages = () => [...board.querySelectorAll("[data-mt-page]")];
const content = () => board.querySelector("[data-mt-content]");
// How far this clock is off: told by a fresh page; a page of then knows only what was told before.
const offset = isKept ? Number(localStorage.getItem(OFFSET)) : Number(board.dataset.mtNow) - Date.now();
if (!isKept) localStorage.setItem(OFFSET, String(offset));
const clock = () => new Date(Date.now() + offset);
let shown = 0;

const dropWhatIsOver = () => {
  board.querySelectorAll("[data-mt-until]").forEach((row) => {
    if (Number(row.dataset.mtUntil) <= clock().getTime()) row.remove();
  });
  pages().forEach((page) => {
    const table = page.querySelector("tbody");
    if (table && !table.rows.length && pages().length > 1) page.remove();
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

const told = (parts) => new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", ...parts }).format(clock());
const tellTime = () => {
  const time = told({ month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
  board.querySelectorAll("[data-mt-clock]").forEach((place) => {
    place.textContent = `${time} ${told({ weekday: "long" })}`;
  });
};

const tellCutOff = (isCutOff) => {
  cutOff.hidden = !isCutOff;
  cutOff.textContent = isCutOff ? `没有网络，数据截至 ${content().dataset.mtAsOf}` : "";
};

const refresh = async () => {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-mt-content]");
    if (!fresh) return;
    content().replaceWith(fresh);
    dropWhatIsOver();
    show(shown);
    tellTime();
    tellCutOff(page.querySelector("[data-mt-kept]") !== null);
  } catch {
    dropWhatIsOver();
    tellCutOff(true);
  }
};

// ---------- calls ----------

let known = null; // the calls that hang there already; at the start all of them do

const showCalls = () => {
  const place = pages().findIndex((page) => page.querySelector(".board__table--calls"));
  if (place >= 0) show(place);
};

const listen = async () => {
  try {
    const answer = await fetch("/screens/board/calls.json", { cache: "no-store" });
    if (!answer.ok) return;
    const { volume, calls } = await answer.json();
    const fresh = known ? calls.filter((call) => !known.has(call.id)) : [];
    known = new Set(calls.map((call) => call.id));
    silent.hidden = !volume || !isSilent();
    if (!fresh.length) return;
    await refresh();
    showCalls();
    if (volume) fresh.reverse().forEach((call) => callAloud(call.said, volume));
  } catch { /* the minute's refresh says that the network is gone */ }
};

// ---------- what a restart without the network needs ----------

const keepShell = async () => {
  await navigator.serviceWorker.register("/screens/board/worker.js");
  await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((one) => new URL(one.name));
  const shell = loaded.filter((url) => url.pathname.startsWith("/static/") || url.pathname.endsWith("/size.css"));
  const wanted = new Set([location.href, ...shell.map((url) => url.href)]);
  const cache = await caches.open("mt-board");
  await cache.addAll([...wanted]);
  const kept = await cache.keys();
  await Promise.all(kept.filter((one) => !wanted.has(one.url)).map((one) => cache.delete(one)));
};

dropWhatIsOver();
show(pages().findIndex((page) => !page.hidden) + pages().length);
tellCutOff(isKept);
if (isKept) tellTime();
if ("serviceWorker" in navigator && !isKept) addEventListener("load", () => keepShell().catch(() => null));
setInterval(turnPage, 1000 * Number(board.dataset.mtSeconds));
setInterval(tellTime, 10_000);
setInterval(refresh, 60_000);
if (board.hasAttribute("data-mt-calls")) {
  listen();
  setInterval(listen, 4_000);
  ["pointerdown", "keydown"].forEach((kind) => addEventListener(kind, () => { silent.hidden = isSilent(); }));
}
const live = () => beat(pages()[shown]?.dataset.mtPage || "");
setInterval(live, 60_000);
live();
