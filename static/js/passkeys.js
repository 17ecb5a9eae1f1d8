// Passkeys: each form with data-passkey hands its question to the browser and is sent with the answer.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const known = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

const made = async (question) => {
  const { user, challenge, excludeCredentials } = question;
  const publicKey = {
    ...question,
    challenge: bytes(challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: known(excludeCredentials),
  };
  const key = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = key.response;
  return { key, response: { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) } };
};

const shown = async (question) => {
  const { challenge, allowCredentials } = question;
  const publicKey = { ...question, challenge: bytes(challenge), allowCredentials: known(allowCredentials) };
  const key = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = key.response;
  return {
    key,
    response: {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : null,
    },
  };
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue; // the form stays hidden: codes do without
  form.closest("[data-passkeys]").hidden = false;
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    const question = JSON.parse(form.dataset.passkey);
    try {
      const { key, response } = await (question.user ? made : shown)(question);
      form.elements.answer.value = JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
      form.submit();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      failed.hidden = false; // refused by the person or the device, or too late: the same button tries again
    }
  });
}
