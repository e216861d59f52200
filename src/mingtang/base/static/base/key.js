// Security keys (WebAuthn). A button `data-mt-key="create"` or `"get"` asks the server at
// `data-mt-key-ask` what to ask the key, puts what the key says into the field named
// `data-mt-key-field`, and sends its form. Without it, or without a key, a code does the same.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const asked = ({ publicKey: key }) => {
  const listed = (all) => (all || []).map((one) => ({ ...one, id: bytes(one.id) }));
  const told = { ...key, challenge: bytes(key.challenge) };
  if (key.user) told.user = { ...key.user, id: bytes(key.user.id) };
  if (key.excludeCredentials) told.excludeCredentials = listed(key.excludeCredentials);
  if (key.allowCredentials) told.allowCredentials = listed(key.allowCredentials);
  return { publicKey: told };
};

const said = (credential) => {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: Object.fromEntries(given),
  });
};

const use = async (button) => {
  const { form } = button;
  const note = form.querySelector("[data-mt-key-note]");
  const fail = (message) => {
    note.hidden = false;
    note.textContent = message;
  };
  try {
    const token = form.elements.csrfmiddlewaretoken.value;
    const answer = await fetch(button.dataset.mtKeyAsk, { method: "POST", headers: { "X-CSRFToken": token } });
    const told = await answer.json();
    if (!answer.ok) return fail(told.message);
    const credential = await navigator.credentials[button.dataset.mtKey](asked(told));
    form.elements[button.dataset.mtKeyField].value = said(credential);
    return form.submit();
  } catch {
    return fail(button.dataset.mtKeyFailed);
  }
};

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-mt-key]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => use(button));
  });
}
