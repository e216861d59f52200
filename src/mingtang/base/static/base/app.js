// Every page: takes the reader to the errors of a refused form, and searches while typing.

const focusErrors = () => document.querySelector("[data-mt-focus]")?.focus();

// An input method sends half-written pinyin as input; only finished text is worth a question.
const announceTyping = (event) => {
  const field = event.target.closest("[data-mt-typed]");
  if (!field || event.isComposing) return;
  field.form.dispatchEvent(new CustomEvent("mt:typed"));
};

document.addEventListener("input", announceTyping);
document.addEventListener("compositionend", announceTyping);
focusErrors();
