// The work of accounts/puzzles.py, done while the page stands there: for each part a number whose
// digest begins with enough zero bits. Without scripts the page says to wait, or whom to ask.
// In small pieces, so that the page can be read and typed into meanwhile.

import { digest } from "./device.js";

const PIECE_MS = 40;
const breath = () => new Promise((resume) => setTimeout(resume));
const zeros = (hex) => Math.clz32(parseInt(hex.slice(0, 8), 16));

const solved = async (nonce, parts, bits) => {
  const answers = [];
  let begun = performance.now();
  for (let part = 0; part < parts; part += 1) {
    let n = 0;
    while (zeros(digest(`${nonce}:${part}:${n}`)) < bits) {
      n += 1;
      if (performance.now() - begun > PIECE_MS) {
        await breath();
        begun = performance.now();
      }
    }
    answers.push(n);
  }
  return answers.join(" ");
};

const box = document.querySelector("[data-mt-puzzle]");
if (box) {
  const { mtPuzzle, mtPuzzleBits, mtPuzzleParts, mtPuzzleWorking, mtPuzzleDone } = box.dataset;
  const form = box.closest("form");
  const note = box.querySelector("[role=status]");
  let isWanted = false;
  const early = (event) => {
    event.preventDefault();
    isWanted = true;
  };
  note.textContent = mtPuzzleWorking;
  form.addEventListener("submit", early);
  form.elements.puzzle_answers.value = await solved(mtPuzzle, Number(mtPuzzleParts), Number(mtPuzzleBits));
  form.removeEventListener("submit", early);
  note.textContent = mtPuzzleDone;
  document.querySelector(".notice--bad[role=alert]")?.remove(); // it said to wait
  if (isWanted) form.requestSubmit();
}
