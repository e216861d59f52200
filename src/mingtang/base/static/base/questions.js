// Forms: a question whose condition does not hold is put away, and comes back when it does.
// Without this script every question stands there with the words of its condition.

const valueOf = (form, name) => {
  const found = [...form.elements].filter((one) => one.name === name);
  const picked = found.filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked);
  return picked.map((one) => one.value).filter((value) => value !== "");
};

const TESTS = {
  is: (values, wanted) => values.includes(String(wanted)),
  in: (values, wanted) => values.some((value) => wanted.map(String).includes(value)),
  has: (values, wanted) => values.includes(String(wanted)),
  at_least: (values, wanted) => values.length > 0 && Number(values[0]) >= wanted,
  at_most: (values, wanted) => values.length > 0 && Number(values[0]) <= wanted,
  filled: (values, wanted) => values.length > 0 === (wanted === "yes" || wanted === true),
};

const isPutAway = (form, name) => {
  const field = [...form.elements].find((one) => one.name === name);
  return Boolean(field?.closest("[data-mt-when][hidden]"));
};

const holds = (form, conditions) =>
  conditions.every(
    ({ name, test, value }) =>
      !isPutAway(form, name) && TESTS[test](valueOf(form, name), value),
  );

const settle = (form) => {
  form.querySelectorAll("[data-mt-when]").forEach((block) => {
    block.hidden = !holds(form, JSON.parse(block.dataset.mtWhen));
  });
};

const bind = (form) => {
  if (!form.querySelector("[data-mt-when]")) return;
  form.querySelectorAll("[data-mt-when-words]").forEach((words) => (words.hidden = true));
  form.addEventListener("input", () => settle(form));
  form.addEventListener("change", () => settle(form));
  settle(form);
};

document.querySelectorAll("form").forEach(bind);
document.addEventListener("mt:swapped", (event) => {
  event.target.querySelectorAll("form").forEach(bind);
});
