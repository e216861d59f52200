// A device of the hall: its key, messages that nobody else can write or send twice, its heartbeat.
// Written without the browser's own cryptography, which plain addresses of a hall's network lack.

export const VERSION = "1";
const PLACE = "mt-device";

// ---------- SHA-256 and HMAC ----------

const primes = (count) => {
  const found = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p)) found.push(n);
  return found;
};
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) >>> 0;
const ROUND = primes(64).map((p) => fraction(Math.cbrt(p)));
const START = primes(8).map((p) => fraction(Math.sqrt(p)));
const turn = (x, n) => (x >>> n) | (x << (32 - n));

const padded = (bytes) => {
  const whole = new Uint8Array(((bytes.length + 8) >> 6 << 6) + 64);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  new DataView(whole.buffer).setBigUint64(whole.length - 8, BigInt(bytes.length) * 8n);
  return new DataView(whole.buffer);
};

const schedule = (view, block) => {
  const w = new Uint32Array(64);
  for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(block + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  return w;
};

const mix = (state, w) => {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) >>> 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) >>> 0, c, b, a, (t1 + t2) >>> 0];
  }
  return [a, b, c, d, e, f, g, h].map((x, i) => (x + state[i]) >>> 0);
};

const sha256 = (bytes) => {
  const view = padded(bytes);
  let state = START;
  for (let block = 0; block < view.byteLength; block += 64) state = mix(state, schedule(view, block));
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => out.setUint32(4 * i, word));
  return new Uint8Array(out.buffer);
};

const joined = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const utf8 = (text) => new TextEncoder().encode(text);

export const digest = (text) => hex(sha256(utf8(text)));
export const hmac = (key, text) => {
  const block = joined(unhex(key), new Uint8Array(64 - key.length / 2));
  const inner = sha256(joined(block.map((byte) => byte ^ 0x36), utf8(text)));
  return hex(sha256(joined(block.map((byte) => byte ^ 0x5c), inner)));
};

// ---------- messages ----------

const held = () => JSON.parse(localStorage.getItem(PLACE) || "null");
const keep = (device) => localStorage.setItem(PLACE, JSON.stringify(device));
export const isPaired = () => held() !== null;

// Send one signed message. The counter only grows, also over restarts; a clock that is off is set
// by the answer, and the message sent once more.
export const send = async (path, said, again = true) => {
  const device = held();
  if (!device) return { status: 0, told: {} };
  const moment = Date.now() + (device.offset || 0);
  const counter = Math.max((device.counter || 0) + 1, moment);
  keep({ ...device, counter });
  const body = JSON.stringify(said);
  const text = [device.id, counter, moment, "POST", path, digest(body)].join("\n");
  const headers = {
    "Content-Type": "application/json",
    "X-Device": device.id,
    "X-Counter": String(counter),
    "X-Time": String(moment),
    "X-Mac": hmac(device.key, text),
  };
  const answer = await fetch(path, { method: "POST", headers, body, cache: "no-store" });
  const told = await answer.json();
  if (told.reason === "old" && again) {
    keep({ ...held(), offset: told.time - Date.now() });
    return send(path, said, false);
  }
  return { status: answer.status, told };
};

export const beat = (shows) => send("/screens/device/beat/", { version: VERSION, shows }).catch(() => null);

const pairing = document.querySelector("[data-mt-device-key]");
if (pairing) {
  keep({ id: pairing.dataset.mtDevice, key: pairing.dataset.mtDeviceKey, counter: 0, offset: 0 });
  pairing.removeAttribute("data-mt-device-key");
}
