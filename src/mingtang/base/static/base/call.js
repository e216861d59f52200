// A number is called aloud: two notes, and the number where the browser has a Chinese voice. The
// board shows it all the same. A browser gives no sound before somebody has touched the page, unless
// it was started so.

const NOTES = [[880, 0], [659, 0.35]]; // hertz, seconds after the first
const LENGTH = 1.2;
let audio = null;
let turn = Promise.resolve();

const opened = () => {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
  return audio;
};
export const isSilent = () => opened().state !== "running";

const chime = (volume) => {
  const context = opened();
  NOTES.forEach(([frequency, after]) => {
    const start = context.currentTime + after;
    const tone = context.createOscillator();
    const level = context.createGain();
    tone.frequency.value = frequency;
    level.gain.setValueAtTime(volume / 100, start);
    level.gain.exponentialRampToValueAtTime(0.0001, start + LENGTH - after);
    tone.connect(level).connect(context.destination);
    tone.start(start);
    tone.stop(start + LENGTH - after);
  });
  return new Promise((done) => { setTimeout(done, 1000 * LENGTH); });
};

const speak = (text, volume) => new Promise((done) => {
  const voice = window.speechSynthesis?.getVoices().find((one) => one.lang.toLowerCase().startsWith("zh"));
  if (!voice) { done(); return; }
  const said = new SpeechSynthesisUtterance(text);
  Object.assign(said, { voice, lang: "zh-CN", volume: volume / 100, rate: 0.9 });
  said.onend = said.onerror = done;
  setTimeout(done, 10_000); // a voice that never ends holds up nobody
  window.speechSynthesis.speak(said);
});

// One after another, in the order of the calls.
export const callAloud = (text, volume) => {
  turn = turn.then(() => chime(volume)).then(() => speak(text, volume)).catch(() => null);
};
