// A search field that offers what fits while one types: an ARIA combobox with a list of links.
// <span class="suggest"><input data-mt-suggest="/items/suggest/"></span>; without this it only searches.

const PAUSE = 180; // milliseconds without a key before the server is asked
const LEAST = 1;

const make = (tag, name, text = "") => {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
};

const combobox = (input) => {
  const list = make("ul", "suggest__list");
  const told = make("span", "sr-only");
  list.id = `${input.id}-list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  told.setAttribute("role", "status");
  input.after(list, told);
  for (const [name, value] of [
    ["role", "combobox"],
    ["aria-autocomplete", "list"],
    ["aria-controls", list.id],
    ["aria-expanded", "false"],
  ]) input.setAttribute(name, value);

  let at = -1;
  let waiting = 0;
  let asked = null;
  const options = () => [...list.children];

  const mark = (place) => {
    at = place;
    options().forEach((option, n) => option.setAttribute("aria-selected", String(n === at)));
    const option = options()[at];
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };

  const close = () => {
    clearTimeout(waiting);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };

  const show = (items) => {
    list.replaceChildren(...items.map((item, n) => {
      const option = make("li", "suggest__option");
      option.id = `${list.id}-${n}`;
      option.setAttribute("role", "option");
      option.dataset.url = item.url;
      option.append(make("span", "", item.name), make("span", "suggest__unit", item.department));
      return option;
    }));
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    told.textContent = items.length ? input.dataset.mtSuggestTold.replace("0", items.length) : "";
    mark(-1);
  };

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    const address = `${input.dataset.mtSuggest}?${new URLSearchParams({ q: input.value })}`;
    try {
      const answer = await fetch(address, { signal });
      const items = answer.ok ? (await answer.json()).items : [];
      if (!signal.aborted && document.activeElement === input) show(items);
    } catch (error) {
      if (error.name !== "AbortError") close(); // offline: the field still searches
    }
  };

  const typed = (event) => {
    if (event.isComposing) return; // half-written pinyin
    if (input.value.trim().length < LEAST) return close();
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  };

  const open = (option) => location.assign(option.dataset.url);

  const KEYS = {
    ArrowDown: () => mark((at + 1) % options().length),
    ArrowUp: () => mark(at > 0 ? at - 1 : options().length - 1),
    Escape: close,
    Enter: () => open(options()[at]),
  };

  const press = (event) => {
    if (list.hidden || event.isComposing || !(event.key in KEYS)) return;
    if (event.key === "Enter" && at < 0) return; // searches
    event.preventDefault();
    KEYS[event.key]();
  };

  input.addEventListener("input", typed);
  input.addEventListener("compositionend", typed);
  input.addEventListener("keydown", press);
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) open(option);
  });
};

document.querySelectorAll("[data-mt-suggest]").forEach(combobox);
