import "./idle.js";
import "./leaving.js";

// Every page: errors of a refused form come into view, typing searches, a button prints.

const focusErrors = () => document.querySelector("[data-mt-focus]")?.focus();

// An input method sends half-written pinyin as input; only finished text is worth a question.
const announceTyping = (event) => {
  const field = event.target.closest("[data-mt-typed]");
  if (!field || event.isComposing) return;
  field.form.dispatchEvent(new CustomEvent("mt:typed"));
};

// A button that prints is shown only where there is a script to print with.
const offerPrinting = (button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
};

// A paper's number on its later sheets: style sheets alone cannot put a text there in a browser.
const numberSheets = (paper) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    `@page official { @top-right { content: ${JSON.stringify(paper.dataset.mtRunning)}; font-size: 9pt; } }
     @page official:first { @top-right { content: none; } }`,
  );
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
};

// A page that tells how something stands now looks again by itself.
const lookAgain = (place) => setTimeout(() => location.reload(), 1000 * Number(place.dataset.mtAgain));

document.querySelectorAll("[data-mt-again]").forEach(lookAgain);
document.querySelectorAll("[data-mt-print]").forEach(offerPrinting);
document.querySelectorAll("[data-mt-running]").forEach(numberSheets);
document.addEventListener("input", announceTyping);
document.addEventListener("compositionend", announceTyping);
focusErrors();
