// Asks the browser for notifications, and tells the site where its push service is.
"use strict";

function keyBytes(text) {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function isOurs(subscription, options) {
  return String(new Uint8Array(subscription.options.applicationServerKey)) === String(options.applicationServerKey);
}

async function subscribe(card, worker) {
  if ((await Notification.requestPermission()) !== "granted") {
    throw new Error("Notifications are switched off for this site in your browser's settings.");
  }
  const options = { userVisibleOnly: true, applicationServerKey: keyBytes(card.dataset.push) };
  let made;
  try {
    const known = await worker.pushManager.getSubscription();
    if (known && !isOurs(known, options)) await known.unsubscribe(); // of keys this site no longer has
    made = await worker.pushManager.subscribe(options);
  } catch (error) {
    throw new Error("Your browser could not reach its push service. Try again later.");
  }
  const { endpoint, keys } = made.toJSON();
  const answer = await fetch(card.dataset.add, {
    method: "POST",
    headers: { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
    body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }),
  });
  const told = await answer.json();
  if (!answer.ok) {
    await made.unsubscribe();
    throw new Error(told.said);
  }
  window.location.assign(told.next);
}

document.addEventListener("DOMContentLoaded", async () => {
  const card = document.querySelector("[data-push]");
  if (!card.dataset.push || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  const worker = await navigator.serviceWorker.ready;
  const said = card.querySelector("[data-said]");
  const button = card.querySelector("[data-subscribe]");
  said.textContent = "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await subscribe(card, worker);
    } catch (error) {
      said.textContent = error.message;
      button.disabled = false;
    }
  });
});
