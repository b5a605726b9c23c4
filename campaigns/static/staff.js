// Small comforts for staff. Every page works without them.
"use strict";

// On a narrow screen the way round is pushed sideways until the room one is in can be seen.
document.querySelector(".rooms [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Passkeys: the form is shown where the browser has them, and sends what the browser answers, as text.
const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const withBytes = (options) => {
  const named = (list) => list?.map((one) => ({ ...one, id: bytesOf(one.id) }));
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    user: options.user && { ...options.user, id: bytesOf(options.user.id) },
    allowCredentials: named(options.allowCredentials),
    excludeCredentials: named(options.excludeCredentials),
  };
};

const withText = ({ id, rawId, type, response }) => {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const there = parts.filter((part) => response[part]).map((part) => [part, textOf(response[part])]);
  return JSON.stringify({ id, rawId: textOf(rawId), type, response: Object.fromEntries(there) });
};

const TROUBLE = { NotAllowedError: "cancelled", InvalidStateError: "known" };

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  for (const instead of document.querySelectorAll("[data-no-passkey]")) instead.hidden = true;
  const said = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.hidden = true;
    try {
      const publicKey = withBytes(JSON.parse(form.dataset.options));
      form.elements.answer.value = withText(await navigator.credentials[form.dataset.passkey]({ publicKey }));
      form.submit();
    } catch (trouble) {
      said.textContent = said.dataset[TROUBLE[trouble.name]] ?? said.dataset.failed;
      said.hidden = false;
    }
  });
}
