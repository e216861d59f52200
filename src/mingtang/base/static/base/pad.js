// The pad: asks its window every few seconds what to show; one press, five seconds to undo; what
// was pressed without a network waits here and is sent later, in order.

import { isPaired, send, VERSION } from "./device.js";

const WAITING = "mt-presses";
const pad = document.querySelector("[data-mt-pad]");
const find = (name) => pad.querySelector(`[data-mt-${name}]`);
const faces = find("faces");
const thanks = find("thanks");
let asked = pad.dataset.mtToken;
let pressing = null;
let answered = "";

const waiting = () => JSON.parse(localStorage.getItem(WAITING) || "[]");
const keep = (presses) => localStorage.setItem(WAITING, JSON.stringify(presses));

const showThanks = (isShown, said = "") => {
  thanks.hidden = !isShown;
  faces.hidden = isShown || !asked;
  find("said").textContent = said;
};

// What the server refuses is refused for good; what did not arrive is sent again.
const flush = async () => {
  while (waiting().length) {
    const [first] = waiting();
    const { status } = await send("/screens/device/rate/", first);
    if (!status || status >= 500) return;
    keep(waiting().slice(1));
  }
};
const tryFlush = () => flush().catch(() => null);

const settle = () => {
  keep([...waiting(), pressing.press]);
  clearInterval(pressing.timer);
  answered = pressing.press.token;
  pressing = null;
  tryFlush();
  setTimeout(() => {
    asked = "";
    showThanks(false);
    look();
  }, 3000);
  find("take-back").hidden = true;
};

const count = () => {
  pressing.left -= 1;
  find("left").textContent = pressing.left;
  if (pressing.left <= 0) settle();
};

const press = (event) => {
  event.preventDefault();
  const level = event.submitter?.value;
  if (!asked || !level || pressing) return;
  const left = Number(pad.dataset.mtUndo);
  pressing = { left, press: { token: asked, level, at: Date.now() }, timer: setInterval(count, 1000) };
  find("left").textContent = left;
  find("take-back").hidden = false;
  showThanks(true, event.submitter.textContent.trim());
};

const takeBack = () => {
  if (!pressing) return;
  clearInterval(pressing.timer);
  pressing = null;
  showThanks(false);
};

const show = (told) => {
  asked = told.token === answered ? "" : told.token;
  faces.hidden = !asked;
  find("title").textContent = asked ? "请评价本次服务" : told.serving || "您好，欢迎来办事";
  const about = told.item ? `${told.item} · ${told.who}` : "";
  find("about").textContent = about || (told.serving ? "正在办理" : "请留意叫号，叫到再到窗口");
};

const shown = () => (asked ? "请评价" : find("title").textContent);

async function look() {
  if (pressing || !thanks.hidden) return;
  try {
    const { status, told } = await send("/screens/device/pad/", { version: VERSION, shows: shown() });
    if (status === 200) show(told);
    tryFlush();
  } catch {
    // no network: what is shown stays, presses wait
  }
}

if (isPaired()) {
  faces.addEventListener("submit", press);
  find("take-back").addEventListener("click", takeBack);
  setInterval(look, 4000);
  look();
} else {
  setInterval(() => location.reload(), 10_000);
}
