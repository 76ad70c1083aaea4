// Keeps the site's own files, and pages of whoever is signed in; shows notifications.
"use strict";
importScripts("{{ outbox }}", "{{ push }}");
const KEPT = "files-{{ version }}";
const FILES = [{% for file in files %}"{{ file }}", {% endfor %}"{{ offline }}"];
// Opened without a network even if they never were with one; the first shows who is signed in.
const ALONG = [{% for page in along %}"{{ page }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
// After a sign-out the copies are nobody's; in another language they are fetched anew.
const LETS_GO = [{% for page in lets_go %}"{{ page }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

// Pages that another worker kept need files that go with it, so they are fetched anew.
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
    .then(() => self.clients.claim())
    .then(fetchAlong));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (request.method === "GET" && url.pathname.startsWith("{{ static }}")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(send());
});

async function send() {
  const sent = Object.values(await backstrideOutbox.send()).filter((one) => one.status === 200);
  if (!sent.length) return;
  for (const client of await self.clients.matchAll()) client.postMessage({ sent: sent.map((one) => one.page) });
}

// One at a time; without a network there is nothing to fetch.
const fetchAlong = () => navigator.locks.request("backstride-copies", { ifAvailable: true },
  (free) => free && backstrideOutbox.fetchAlong(ALONG)).catch(() => {});

// The network first. What the server lets a phone keep has a copy, until the sign-out.
async function page(event, url) {
  const { request } = event;
  try {
    const fresh = await fetch(request);
    if (request.method === "GET" && !url.search) event.waitUntil(keep(url.pathname, fresh.clone()));
    if (request.method === "POST" && LETS_GO.includes(url.pathname)) event.waitUntil(backstrideOutbox.letGo());
    return fresh;
  } catch (error) {
    const copy = request.method === "GET" && (await backstrideOutbox.copy(url.pathname));
    return copy || (await caches.match("{{ offline }}")) || Response.error();
  }
}

async function keep(path, fresh) {
  if ((await backstrideOutbox.keep(path, fresh)) && path === ALONG[0]) await fetchAlong();
}
