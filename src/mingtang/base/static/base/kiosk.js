// A terminal in the hall: says that it lives, prints, and returns to its start when nobody is there.

import { beat } from "./device.js";
import "./idle.js";

const START = "mt-start";
const place = document.querySelector("[data-mt-kiosk]");

if (place) {
  const live = () => beat(place.dataset.mtKiosk);
  setInterval(live, 60_000);
  live();
}

// The pages behind the start are ordinary ones: app.js leads back from them, in this tab alone.
if (place?.dataset.mtStart) {
  sessionStorage.setItem(START, JSON.stringify([place.dataset.mtStart, Number(place.dataset.mtIdle)]));
}

const leaving = document.querySelector("[data-mt-back]");
if (leaving) setTimeout(() => location.replace(leaving.dataset.mtBack), 1000 * Number(leaving.dataset.mtAfter));

document.querySelectorAll("[data-mt-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
