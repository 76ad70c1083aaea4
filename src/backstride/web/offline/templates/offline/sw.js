// Keeps the site's own files, and the last Today page of whoever is signed in; shows notifications.
"use strict";
importScripts("{{ outbox }}", "{{ push }}");
const KEPT = "files-{{ version }}";
const FILES = [{% for file in files %}"{{ file }}", {% endfor %}"{{ offline }}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("files-") && name !== KEPT;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (request.method === "GET" && url.pathname.startsWith("{{ static }}")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(send());
});

async function send() {
  const came = Object.values(await backstrideOutbox.send());
  if (!came.some((one) => one.status === 200)) return;
  for (const page of await self.clients.matchAll()) page.postMessage("sent");
}

// The network first. Today alone has a copy, which the page itself lets go (outbox.js).
async function page(request, url) {
  const isToday = request.method === "GET" && url.pathname === "/";
  try {
    return await fetch(request);
  } catch (error) {
    const copy = isToday && (await backstrideOutbox.today());
    return copy || (await caches.match("{{ offline }}")) || Response.error();
  }
}
