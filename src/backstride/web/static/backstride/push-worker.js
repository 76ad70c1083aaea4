// Notifications: shows what was pushed, opens its page, or says "not today". For the site's
// service worker, which takes it in with importScripts.
"use strict";

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  event.waitUntil(self.registration.showNotification(told.title || "Backstride", {
    body: told.body || "Something for today",
    tag: "reminder", // a newer one takes the place of one that wasn't looked at
    data: { page: told.page || "/", decline: told.decline },
    actions: told.decline ? [{ action: "decline", title: told.not_today || "Not today" }] : [],
  }));
});

self.addEventListener("notificationclick", (event) => {
  const { page, decline } = event.notification.data;
  event.notification.close();
  if (event.action === "decline") {
    event.waitUntil(fetch(`/reminders/decline/${encodeURIComponent(decline)}/`, { method: "POST", credentials: "omit" }));
    return;
  }
  const target = new URL(page, self.location.origin);
  if (target.origin === self.location.origin) event.waitUntil(openPage(target));
});

async function openPage(target) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === target.pathname);
  return there ? there.focus() : self.clients.openWindow(target.href);
}
