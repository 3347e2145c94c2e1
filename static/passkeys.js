/* Passkeys: a button asks the server what is wanted, the browser for the key, and sends the form
   with the answer in it. Without this script, or in a browser that knows no passkeys, the button
   stays hidden and the other ways are there. */
(() => {
  "use strict";
  const boxes = [...document.querySelectorAll("[data-passkey]")];
  if (!boxes.length || !window.isSecureContext || !window.PublicKeyCredential) {
    for (const each of document.querySelectorAll("[data-passkey-none]")) each.hidden = false;
    return;
  }
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge), excludeCredentials: known(options.excludeCredentials), user: { ...options.user, id: bytes(options.user.id) } };
    const made = await navigator.credentials.create({ publicKey });
    return {
      id: made.id, rawId: text(made.rawId), type: made.type,
      response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject), transports: made.response.getTransports?.() ?? [] },
    };
  };
  const prove = async (options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
    const found = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
    return {
      id: found.id, rawId: text(found.rawId), type: found.type,
      response: { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null },
    };
  };

  const begin = async (box) => {
    const form = box.closest("form");
    const told = box.querySelector("[role=alert]");
    const button = box.querySelector("button");
    const say = (words) => {
      told.textContent = words;
      told.hidden = !words;
      button.disabled = false;
    };
    say("");
    button.disabled = true;
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("purpose", box.dataset.passkey);
    // refused before the device makes a key that the server would not know
    if (box.dataset.passkey === "register") body.set("name", form.elements.name.value);
    let options;
    try {
      const reply = await fetch(box.dataset.address, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
      options = await reply.json();
      if (!reply.ok) return say(options.why ?? box.dataset.away);
    } catch {
      return say(box.dataset.away);
    }
    try {
      const answer = await (box.dataset.passkey === "register" ? make(options) : prove(options));
      box.querySelector("input[type=hidden]").value = JSON.stringify(answer);
    } catch (fault) {
      return say(fault.name === "InvalidStateError" ? box.dataset.known : box.dataset.refused);
    }
    form.requestSubmit();
  };
  for (const box of boxes) {
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () => begin(box));
  }
})();
