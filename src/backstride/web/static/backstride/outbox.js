// Notes that wait for the network, in pages and in the service worker alike.
"use strict";

const backstrideOutbox = (() => {
  const TODAY = "today"; // the cache with the last Today page of whoever is signed in
  const TODAY_FOR_MS = 36 * 3600 * 1000;

  function store() {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open("backstride-outbox", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "key" });
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
  }

  async function within(mode, work) {
    const db = await store();
    return new Promise((resolve, reject) => {
      const act = db.transaction("waiting", mode);
      const asked = work(act.objectStore("waiting"));
      act.oncomplete = () => { db.close(); resolve(asked.result); };
      act.onabort = act.onerror = () => { db.close(); reject(act.error); };
    });
  }

  const put = (note) => within("readwrite", (box) => box.put(note));
  const remove = (key) => within("readwrite", (box) => box.delete(key));
  const all = async () => (await within("readonly", (box) => box.getAll())).sort((a, b) => a.at - b.at);

  // Sends what waits for the person who is signed in. Gives what came of each by its key;
  // throws where there is no network.
  async function send() {
    const waiting = await all();
    const came = {};
    if (!waiting.length) return came;
    const { person, token } = await (await fetch("/outbox/", { credentials: "same-origin" })).json();
    for (const note of waiting) {
      if (note.refused) continue;
      if (person !== note.person) { came[note.key] = { status: person === null ? 401 : 409 }; continue; }
      const body = new URLSearchParams(note.fields);
      for (const name of ["key", "person", "kind", "at"]) body.set(name, note[name]);
      const answer = await fetch("/outbox/", { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token } });
      const told = await answer.json().catch(() => ({}));
      came[note.key] = { status: answer.status, ...told };
      if (answer.status === 200) await remove(note.key);
      else if (answer.status === 400) await put({ ...note, refused: told.said });
    }
    return came;
  }

  async function today() {
    const copy = await (await caches.open(TODAY)).match("/");
    const isFresh = copy && Date.now() - Date.parse(copy.headers.get("Date")) < TODAY_FOR_MS;
    return isFresh ? copy : undefined;
  }

  return { TODAY, put, remove, all, send, today };
})();

if (typeof document !== "undefined") (() => {
  const person = Number(document.querySelector("meta[name=person]")?.content) || null;
  const DRAFT = "backstride-draft";

  // A field called "action" would hide the form's own.
  const actionOf = (form) => new URL(form.getAttribute("action") || "", location.href).href;

  async function say() {
    const place = document.getElementById("waiting");
    const notes = (await backstrideOutbox.all()).filter((note) => note.person === person);
    if (!place) return;
    place.replaceChildren();
    const waiting = notes.filter((note) => !note.refused).length;
    const line = (text) => {
      const p = document.createElement("p");
      p.className = "notice";
      p.textContent = text;
      place.append(p);
      return p;
    };
    if (waiting) line(`${waiting === 1 ? "1 note" : `${waiting} notes`} waiting for the network. Safe on this phone.`);
    for (const note of notes.filter((one) => one.refused)) {
      const p = line(`A note could not be kept: ${note.refused} It said: ${note.words} `);
      const button = document.createElement("button");
      button.className = "button-link";
      button.textContent = "Let it go";
      button.onclick = async () => { await backstrideOutbox.remove(note.key); say(); };
      p.append(button);
    }
  }

  // Notes of this person alone are sent by itself; a page that shows them is read anew after.
  async function sendWaiting() {
    if (!person || !(await backstrideOutbox.all()).some((note) => note.person === person && !note.refused)) return;
    try {
      const came = Object.values(await backstrideOutbox.send());
      if (came.some((one) => one.status === 200)) return showSent();
    } catch { /* still no network: they wait on */ }
    say();
  }

  function noteOf(form, data) {
    const fields = [...data].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    const words = fields.filter(([name]) => name !== "entry").map(([, value]) => value).join(" ");
    return { key: crypto.randomUUID(), person, kind: form.dataset.outbox, at: Date.now(), fields, words };
  }

  // Only once sending has failed: else the worker would send what this page is just sending.
  async function sendLater() {
    const known = await navigator.serviceWorker?.getRegistration();
    known?.sync?.register("outbox").catch(() => {});
  }

  // A page that shows the notes is read anew, unless someone is typing into it.
  function showSent() {
    const isTyping = document.activeElement?.matches("input, textarea, select");
    if (location.pathname === "/" && !isTyping) location.reload();
    else say();
  }

  // Another part of the page that is open would only be scrolled to, so that is read anew.
  function open(address) {
    const isHere = new URL(address, location).pathname === location.pathname;
    if (!isHere || !address.includes("#")) return location.assign(address);
    history.replaceState(null, "", address);
    location.reload();
  }

  // Into the outbox first and then to the server: whatever breaks in between loses nothing.
  async function submit(event) {
    const form = event.target;
    if (!form.dataset.outbox || !person || form.hasAttribute("hx-post") || !crypto.randomUUID) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const note = noteOf(form, new FormData(form, event.submitter));
    let came;
    try {
      await backstrideOutbox.put(note);
      came = (await backstrideOutbox.send())[note.key];
    } catch {
      await sendLater();
    }
    delete form.dataset.busy;
    if (came?.status === 200 || came?.status === 423) return open(came.next);
    if (came?.status === 401 || came?.status === 409) return location.assign(`/account/login/?next=${encodeURIComponent(location.pathname)}`);
    if (!came) form.reset();
    await say();
    document.getElementById("waiting")?.scrollIntoView({ block: "nearest" });
  }

  // A form that htmx sends is kept when that fails; its answer is the last of the day anyhow.
  async function keepUnsent(event) {
    const form = event.detail.elt.closest("form[data-outbox]");
    if (!form || !person) return;
    const note = noteOf(form, Object.entries(event.detail.requestConfig.parameters));
    await backstrideOutbox.put(note);
    await sendLater();
    const chosen = event.detail.requestConfig.triggeringEvent?.submitter;
    form.querySelectorAll("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === chosen)));
    say();
  }

  // What is typed into any other form is kept in this tab until the server has taken it.
  function draft(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || !person) return;
    const typed = [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && field.tagName !== "BUTTON");
    const fields = typed.filter((field) => field.type === "checkbox" || field.type === "radio" ? field.checked : field.value).map((field) => [field.name, field.value]);
    if (fields.length) sessionStorage.setItem(DRAFT, JSON.stringify({ person, page: location.pathname, action: actionOf(form), fields }));
  }

  function offerDraft() {
    const kept = JSON.parse(sessionStorage.getItem(DRAFT) || "null");
    if (!kept) return;
    if (!person && location.pathname === "/account/login/") {
      sessionStorage.setItem(DRAFT, JSON.stringify({ ...kept, isLost: true }));
      const next = document.querySelector("main input[name=next]");
      if (next) next.value = kept.page;
      return;
    }
    if (!kept.isLost || kept.person !== person) return sessionStorage.removeItem(DRAFT);
    const form = [...document.forms].find((one) => actionOf(one) === kept.action);
    if (location.pathname !== kept.page || !form) return;
    sessionStorage.removeItem(DRAFT);
    for (const [name, value] of kept.fields) {
      const fields = [...form.elements].filter((field) => field.name === name);
      for (const field of fields) {
        if (field.type === "checkbox" || field.type === "radio") field.checked ||= field.value === value;
        else field.value = value;
      }
    }
    const p = document.createElement("p");
    p.className = "notice";
    p.setAttribute("role", "status");
    p.textContent = "What you typed before you were signed out is here again. It is not sent yet.";
    form.prepend(p);
  }

  // The copy of Today is of the person who is signed in, and of nobody once they sign out.
  async function keepToday() {
    if (!("caches" in window)) return;
    if (!person) return caches.delete(backstrideOutbox.TODAY);
    const cache = await caches.open(backstrideOutbox.TODAY);
    const owner = await (await cache.match("/offline/owner"))?.text();
    if (owner && owner !== String(person)) await caches.delete(backstrideOutbox.TODAY);
    const mine = await caches.open(backstrideOutbox.TODAY);
    const isToday = location.pathname === "/" && document.querySelector("form[data-outbox]");
    if (!isToday || !navigator.onLine) return;
    const page = await fetch("/", { credentials: "same-origin" });
    const theirs = (await page.clone().text()).includes(`name="person" content="${person}"`);
    if (!page.ok || page.redirected || !theirs) return;
    await mine.put("/", page);
    await mine.put("/offline/owner", new Response(String(person)));
  }

  document.addEventListener("submit", submit);
  document.addEventListener("submit", draft);
  document.addEventListener("submit", (event) => {
    if (new URL(actionOf(event.target)).pathname !== "/account/logout/") return;
    sessionStorage.removeItem(DRAFT);
    if ("caches" in window) caches.delete(backstrideOutbox.TODAY);
  });
  document.addEventListener("htmx:sendError", keepUnsent);
  window.addEventListener("online", sendWaiting);
  navigator.serviceWorker?.addEventListener("message", showSent);
  document.addEventListener("DOMContentLoaded", () => {
    offerDraft();
    say();
    sendWaiting();
    keepToday().catch(() => {}); // without a network there is nothing new to keep
    navigator.serviceWorker?.register("/sw.js").catch(() => {});
  });
})();
