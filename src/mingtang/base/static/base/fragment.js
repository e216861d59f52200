// A code that was scanned stands behind the hash of the address: no server sees it there. It is
// put into its field and taken out of the address.

const keys = new URLSearchParams(window.location.hash.slice(1));
let filled = 0;
document.querySelectorAll("[data-mt-fragment]").forEach((field) => {
  const value = keys.get(field.dataset.mtFragment);
  if (!value) return;
  field.value = value;
  filled += 1;
});
if (filled) window.history.replaceState(null, "", window.location.pathname);
