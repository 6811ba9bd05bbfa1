// Passkeys: asks the server for a question, the browser for its answer, and sends the form that stands around.
// <div data-passkey="create|get" data-question="/address" [data-autofill]> with [data-go], [data-answer], [data-state].

const fields = ["challenge", "id"];
const able = window.isSecureContext && "PublicKeyCredential" in window;

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// The options come as JSON, where what is binary stands in base64url; the browser wants bytes.
function opened(value, name = "") {
  if (typeof value === "string") return fields.includes(name) ? bytes(value) : value;
  if (Array.isArray(value)) return value.map((one) => opened(one));
  if (!value || typeof value !== "object") return value;
  const result = {};
  for (const [key, one] of Object.entries(value)) result[key] = name === "rp" ? one : opened(one, key);
  return result;
}

function closed(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) answer[name] = text(response[name]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: answer,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  };
}

async function question(box) {
  const token = box.closest("form").elements.csrf_token.value;
  const answer = await fetch(box.dataset.question, {
    method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
  const said = await answer.json().catch(() => ({}));
  if (said.error?.confirm) location.assign(`/akun/konfirmasi?next=${encodeURIComponent(location.pathname)}`);
  if (!answer.ok) throw new Error(said.error?.message ?? "");
  return { publicKey: opened(said.options), state: said.state };
}

function send(box, credential, state) {
  box.querySelector("[data-answer]").value = JSON.stringify(closed(credential));
  box.querySelector("[data-state]").value = state;
  box.closest("form").submit();
}

let waiting; // the quiet question behind the box for the address: there may be one question at a time

async function ask(box, autofill = false) {
  const problem = box.querySelector("[data-problem]");
  const button = box.querySelector("[data-go]");
  waiting?.abort();
  waiting = new AbortController();
  const { signal } = waiting;
  problem.hidden = true;
  if (!autofill) button.setAttribute("aria-busy", "true");
  try {
    const { publicKey, state } = await question(box);
    const how = autofill ? { mediation: "conditional" } : {};
    const asked = { publicKey, signal, ...how };
    const credential = await (box.dataset.passkey === "create" ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
    send(box, credential, state);
  } catch (error) {
    if (autofill || error.name === "AbortError") return;
    const words = { NotAllowedError: box.dataset.cancelled, InvalidStateError: box.dataset.known };
    problem.textContent = words[error.name] ?? (error.message && error.name === "Error" ? error.message : box.dataset.failed);
    problem.hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
  }
}

for (const box of able ? document.querySelectorAll("[data-passkey]") : []) {
  const button = box.querySelector("[data-go]");
  box.querySelector("[data-without]")?.remove();
  button.hidden = false;
  button.addEventListener("click", () => ask(box));
  box.closest("form").addEventListener("submit", (event) => {
    if (event.submitter) return; // a button of the form; Enter in a form without one means ours
    event.preventDefault();
    ask(box);
  });
  if ("autofill" in box.dataset) {
    PublicKeyCredential.isConditionalMediationAvailable?.().then((possible) => { if (possible) ask(box, true); });
  }
}
