// What the pages can't do without a script: the browser's time zone and an upload's progress.
"use strict";

// A text of the page's language; each # is the next of the values.
function say(key, ...values) {
  const words = JSON.parse(document.getElementById("words").textContent);
  return values.reduce((text, value) => text.replace("#", () => value), words[key]);
}

function fillZone(root) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  root.querySelectorAll("input[data-zone]").forEach((field) => { if (!field.value && zone) field.value = zone; });
}

// Sends the form by XMLHttpRequest, since only that tells how much has left the phone.
function sendWithProgress(event) {
  const form = event.target;
  if (!form.matches("form[data-upload]")) return;
  event.preventDefault();
  const bar = form.querySelector("progress");
  const said = form.querySelector("[data-said]");
  const button = form.querySelector("button");
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
  request.upload.onprogress = (e) => {
    if (!e.lengthComputable) return;
    bar.hidden = false;
    bar.value = e.loaded / e.total;
    said.textContent = say("sending", Math.floor((100 * e.loaded) / e.total));
  };
  const failed = (text) => { said.textContent = text; bar.hidden = true; button.disabled = false; };
  request.onload = () => {
    if (request.status < 400) window.location.assign(request.responseURL || form.action);
    else if (request.status === 507) failed(say("disk_full"));
    else failed(request.status === 413 ? say("too_large") : say("not_arrived"));
  };
  request.onerror = () => failed(say("broken"));
  button.disabled = true;
  request.send(new FormData(form));
}

// Says in words which places of the body map are chosen.
function sayPlaces(form) {
  const names = [...form.querySelectorAll("input[name=places]:checked")].map((box) => box.parentElement.textContent.trim());
  form.querySelector("[data-chosen]").textContent = names.length ? say("chosen", names.join("; ")) : "";
}

// The whole form goes with every answer, so the next one that arrives brings this one along.
function sayNotKept(event) {
  if (event.detail.xhr.status === 403) window.location.reload(); // signed in anew elsewhere
  if (event.detail.xhr.status === 0 && event.detail.elt.closest("form[data-outbox]")) return; // outbox.js keeps it
  if (event.detail.target.id === "kept") event.detail.target.textContent = say("not_kept");
}

document.addEventListener("htmx:sendError", sayNotKept);
document.addEventListener("htmx:responseError", sayNotKept);
document.addEventListener("DOMContentLoaded", () => {
  fillZone(document);
  document.querySelectorAll("form[data-places]").forEach((form) => {
    sayPlaces(form);
    form.addEventListener("change", () => sayPlaces(form));
  });
  document.addEventListener("submit", sendWithProgress);
});
