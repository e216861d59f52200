// On a terminal in the hall (kiosk.js): a way back to its start on every page, and back by itself
// when nobody has touched it for a while. Whoever is signed in then is signed out first.

import { leave as signOut } from "./leaving.js";

const held = JSON.parse(sessionStorage.getItem("mt-start") || "null");

if (held) {
  const [start, seconds] = held;
  const leave = () => {
    if (signOut()) return; // the page that follows goes back to the start
    sessionStorage.removeItem("mt-start");
    location.replace(start);
  };
  let timer = setTimeout(leave, seconds * 1000);
  const stay = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, seconds * 1000);
  };
  ["pointerdown", "keydown", "scroll"].forEach((kind) => addEventListener(kind, stay, { passive: true }));
  if (location.pathname !== start) {
    const back = document.createElement("a");
    back.className = "button button--primary to-start";
    back.href = start;
    back.textContent = "回到开始";
    (document.querySelector("main") || document.body).append(back);
  }
}
