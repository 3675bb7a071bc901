// Passkeys: asks our server what to ask the browser for, and sends what the browser brings back with an ordinary form.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  async function options(form) {
    const token = new URLSearchParams({ csrf: form.elements.csrf.value });
    const answer = await fetch(form.dataset.options, { method: "POST", body: token, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    const asked = await answer.json();
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    (asked.excludeCredentials || []).forEach((one) => { one.id = bytes(one.id); });
    return asked;
  }
  function told(made) {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[part]) response[part] = text(made.response[part]);
    }
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
  }
  async function ask(form) {
    const publicKey = await options(form);
    const made = await (form.dataset.passkey === "create" ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    form.elements.credential.value = told(made);
  }
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    if (!window.PublicKeyCredential) return;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      const button = form.querySelector("button"), said = form.querySelector("[data-said]");
      button.disabled = true;
      said.hidden = true;
      try {
        await ask(form);
        form.submit();
      } catch (error) {  // the person turned it down, took too long, or the device is known already
        form.elements.credential.value = "";
        said.hidden = false;
        button.disabled = false;
      }
    });
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.elements.credential.value = "";
    form.querySelector("button").disabled = false;
  }));
})();
