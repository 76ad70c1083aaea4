// Notes that wait for the network, and pages that open without it; in pages and in the service
// worker alike.
"use strict";

const backstrideOutbox = (() => {
  const COPIES = "copies"; // the cache with the pages of whoever is signed in
  const OWNER = "/offline/owner";
  const HEADER = "X-Offline-Copy"; // whose page it is, and for how many hours it holds

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

  const remove = (key) => within("readwrite", (box) => box.delete(key));
  const all = async () => (await within("readonly", (box) => box.getAll())).sort((a, b) => a.at - b.at);

  // A note with a slot holds a whole form, so that it takes the place of an earlier one.
  async function put(note) {
    await within("readwrite", (box) => box.put(note));
    const isEarlier = (one) => note.slot && one.slot === note.slot && one.person === note.person && one.key !== note.key;
    for (const one of (await all()).filter(isEarlier)) await remove(one.key);
  }

  // One sender at a time, over all pages and the worker: none sends what another is sending.
  const alone = (work) => navigator.locks ? navigator.locks.request("backstride-outbox", work) : work();
  const quiet = () => alone(() => undefined); // once nobody sends

  // Sends what waits for the person who is signed in. Gives what came of each by its key;
  // throws where there is no network. What came of `own` is asked for again where another
  // sender was quicker: the server keeps it once.
  const send = (own) => alone(async () => {
    const waiting = await all();
    if (own && !waiting.some((note) => note.key === own.key)) waiting.push(own);
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
      came[note.key] = { status: answer.status, page: note.page, ...told };
      if (answer.status === 200) await remove(note.key);
      else if (answer.status === 400) await put({ ...note, refused: told.said });
    }
    return came;
  });

  const owner = async () => (await (await caches.open(COPIES)).match(OWNER))?.text();
  const letGo = () => caches.delete(COPIES);

  // Keeps a page that may be kept, under its path. The pages of anyone else go first.
  async function keep(path, page) {
    const [person, hours] = (page.headers.get(HEADER) || "").split(" ");
    if (!hours) return false;
    if (await owner() !== person) await letGo();
    const cache = await caches.open(COPIES);
    await cache.put(OWNER, new Response(person));
    await cache.put(path, page);
    return true;
  }

  const found = async (path) => (await caches.open(COPIES)).match(path, { ignoreVary: true });
  const age = (page) => (Date.now() - Date.parse(page.headers.get("Date"))) / 3_600_000 / page.headers.get(HEADER).split(" ")[1];

  // Fetches pages, so that they open without a network though they never were: those that aren't
  // here, or have lived a quarter of their time.
  async function fetchAlong(paths) {
    for (const path of paths) {
      const kept = await found(path);
      if (kept && age(kept) < 0.25) continue;
      const page = await fetch(path, { credentials: "same-origin", redirect: "manual", headers: { [HEADER]: "ask" } });
      if (!(await keep(path, page))) return; // nobody is signed in, or other questions come first
    }
  }

  // The copy of a page, which says by itself of when it is; none once its time is over.
  async function copy(path) {
    const page = await found(path);
    if (!page || age(page) > 1) return undefined;
    const html = (await page.text()).replace("<body>", `<body data-copy="${page.headers.get("Date")}">`);
    return new Response(html, { headers: page.headers });
  }

  return { put, remove, all, quiet, send, owner, letGo, keep, fetchAlong, copy };
})();

if (typeof document !== "undefined") (() => {
  const person = Number(document.querySelector("meta[name=person]")?.content) || null;
  const DRAFT = "backstride-draft";
  const FOLLOW = "backstride-follow"; // the note that met a lost session: the page after it is opened
  const LOGIN = "/account/login/";
  const LOGOUT = "/account/logout/";

  // A field called "action" would hide the form's own.
  const actionOf = (form) => new URL(form.getAttribute("action") || "", location.href).href;
  const mine = async () => (await backstrideOutbox.all()).filter((note) => note.person === person);
  const counted = (one, many, count) => count === 1 ? say(one) : say(many, count);

  function element(name, text, className = "") {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function button(text, work, className = "button-link") {
    const made = element("button", text, className);
    made.type = "button";
    made.onclick = work;
    return made;
  }

  async function sayWaiting() {
    const place = document.getElementById("waiting");
    if (!place) return;
    const lines = [];
    const { copy } = document.body.dataset;
    if (copy) {
      const at = new Date(copy).toLocaleString(document.documentElement.lang, { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      lines.push(element("p", say("copy", at), "notice"));
    }
    const notes = await mine().catch(() => []);
    const waiting = notes.filter((note) => !note.refused).length;
    if (waiting) lines.push(element("p", counted("waits", "many_wait", waiting), "notice"));
    for (const note of notes.filter((one) => one.refused)) {
      const line = element("p", `${say("refused", note.refused, note.words)} `, "notice");
      line.append(button(say("let_go"), async () => { await backstrideOutbox.remove(note.key); sayWaiting(); }));
      lines.push(line);
    }
    place.replaceChildren(...lines);
  }

  // Says beside the form itself that it is kept, where the finger is.
  function sayKept(form, pressed) {
    const place = form.querySelector("[data-kept]") || form.appendChild(element("p", "", "notice"));
    place.dataset.kept = "";
    place.setAttribute("role", "status");
    const what = pressed?.value && (pressed.getAttribute("aria-label") || pressed.textContent.trim());
    place.textContent = what ? say("pressed_kept", what) : say("kept");
  }

  // Notes of this person alone are sent by itself; a page that shows them is read anew after.
  async function sendWaiting() {
    if (!person || !(await mine()).some((note) => !note.refused)) return;
    try {
      const came = await backstrideOutbox.send();
      const follow = came[sessionStorage.getItem(FOLLOW)];
      if (follow?.status === 200) {
        sessionStorage.removeItem(FOLLOW);
        return open(follow.next);
      }
      const sent = Object.values(came).filter((one) => one.status === 200);
      if (sent.length) return showSent(sent.map((one) => one.page));
    } catch { /* still no network: they wait on */ }
    sayWaiting();
  }

  function noteOf(form, data) {
    const fields = [...data].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    const hidden = (name) => form.elements[name]?.type === "hidden";
    const words = fields.filter(([name]) => !hidden(name)).map(([, value]) => value).join(" ");
    return { key: crypto.randomUUID(), person, kind: form.dataset.outbox, at: Date.now(), fields, words, slot: form.dataset.slot, page: location.pathname };
  }

  // Only once sending has failed: else the worker would be woken for what this page is sending.
  async function sendLater() {
    const known = await navigator.serviceWorker?.getRegistration();
    known?.sync?.register("outbox").catch(() => {});
  }

  // A page that shows the notes is read anew, unless someone is typing into it.
  function showSent(pages) {
    const isTyping = document.activeElement?.matches("input, textarea, select");
    const shows = location.pathname === "/" || document.body.dataset.copy || pages.includes(location.pathname);
    if (shows && !isTyping) location.reload();
    else sayWaiting();
  }

  // Another part of the page that is open would only be scrolled to, so that is read anew.
  function open(address) {
    const isHere = new URL(address, location).pathname === location.pathname;
    if (!isHere || !address.includes("#")) return location.assign(address);
    history.replaceState(null, "", address);
    location.reload();
  }

  function signInFor(note) {
    sessionStorage.setItem(FOLLOW, note.key);
    location.assign(`${LOGIN}?next=${encodeURIComponent(location.pathname)}`);
  }

  // Into the outbox first and then to the server: whatever breaks in between loses nothing.
  async function submit(event) {
    const form = event.target;
    const isOurs = form.dataset.outbox && person && crypto.randomUUID && !form.dataset.direct;
    if (event.defaultPrevented || !isOurs) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const note = noteOf(form, new FormData(form, event.submitter));
    try {
      await backstrideOutbox.put(note);
    } catch { // a browser that keeps nothing: the form goes its own way
      form.dataset.direct = "yes";
      return form.requestSubmit(event.submitter);
    }
    const came = (await backstrideOutbox.send(note).catch(() => ({})))[note.key];
    delete form.dataset.busy;
    if (came?.status === 200 || came?.status === 423) return open(came.next);
    if (came?.status === 401 || came?.status === 409) return signInFor(note);
    await sayWaiting();
    if (came?.status === 400) return document.getElementById("waiting").scrollIntoView({ block: "nearest" });
    await sendLater();
    sayKept(form, event.submitter);
    const isTyped = form.querySelector("textarea, input[type=text], input[type=number], details input[type=checkbox]");
    if (isTyped && !form.dataset.slot) form.reset(); // a second tap would be a second note
  }

  const noteOfEvent = new WeakMap(); // what made htmx send -> the note

  // What htmx sends is in the outbox before, too. It waits for a sender that is at work: else an
  // earlier state of the same form could arrive after this one.
  async function keepFirst(event) {
    const form = event.detail.elt.closest("form[data-outbox]");
    if (!form || !person || !crypto.randomUUID) return;
    event.preventDefault();
    const { triggeringEvent, issueRequest } = event.detail;
    const note = noteOf(form, new FormData(form, triggeringEvent?.submitter));
    noteOfEvent.set(triggeringEvent, note);
    await backstrideOutbox.put(note).catch(() => {});
    await backstrideOutbox.quiet();
    issueRequest(true);
  }

  const isElsewhere = ({ xhr, requestConfig }) => xhr.responseURL && new URL(xhr.responseURL).pathname !== new URL(requestConfig.path, location.href).pathname;

  async function afterHtmx(event) {
    const { triggeringEvent, elt } = event.detail.requestConfig;
    const note = noteOfEvent.get(triggeringEvent);
    if (!note || isElsewhere(event.detail)) return;
    if (event.detail.successful) {
      await backstrideOutbox.remove(note.key).catch(() => {});
      return sayWaiting();
    }
    const form = elt.closest("form");
    const chosen = triggeringEvent.submitter;
    form.querySelectorAll("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === chosen)));
    sayKept(form, chosen);
    await sayWaiting();
    await sendLater();
  }

  // A part of a page that was answered with another page: the session is lost, or the safety
  // questions are due. That page is opened, instead of standing inside this one.
  function followAway(event) {
    if (!isElsewhere(event.detail)) return;
    event.detail.shouldSwap = false;
    const { xhr, requestConfig } = event.detail;
    const isLost = new URL(xhr.responseURL).pathname === LOGIN;
    if (isLost && noteOfEvent.has(requestConfig.triggeringEvent)) location.assign(`${LOGIN}?next=${encodeURIComponent(location.pathname)}`);
    else location.assign(xhr.responseURL);
  }

  // What is typed into any other form is kept in this tab until the server has taken it.
  function draft(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || !person) return;
    const typed = [...form.elements].filter((field) => field.name && !["hidden", "password", "file", "submit", "button", "fieldset"].includes(field.type));
    const fields = typed.filter((field) => field.checked || !["checkbox", "radio"].includes(field.type)).map((field) => [field.name, field.value]);
    if (typed.length) sessionStorage.setItem(DRAFT, JSON.stringify({ person, page: location.pathname, action: actionOf(form), fields }));
  }

  function offerDraft() {
    const kept = JSON.parse(sessionStorage.getItem(DRAFT) || "null");
    if (!kept) return;
    if (!person && location.pathname === LOGIN) {
      sessionStorage.setItem(DRAFT, JSON.stringify({ ...kept, isLost: true }));
      const next = document.querySelector("main input[name=next]");
      if (next) next.value = kept.page;
      return;
    }
    if (!kept.isLost || kept.person !== person) return sessionStorage.removeItem(DRAFT);
    const form = [...document.forms].find((one) => actionOf(one) === kept.action);
    if (location.pathname !== kept.page || !form) return;
    sessionStorage.removeItem(DRAFT);
    for (const field of form.elements) {
      const values = kept.fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (values.length) field.value = values[0];
    }
    const told = element("p", say("draft"), "notice");
    told.setAttribute("role", "status");
    form.prepend(told);
  }

  // The copies are of the person who is signed in, and of nobody once they sign out.
  async function guardCopies() {
    if (!("caches" in window)) return;
    const owner = await backstrideOutbox.owner();
    if (!person || (owner && owner !== String(person))) await backstrideOutbox.letGo();
  }

  // Notes that aren't sent are sent, or asked about: they may stay on this phone, or not.
  async function signOut(event) {
    const form = event.target;
    if (event.defaultPrevented || new URL(actionOf(form)).pathname !== LOGOUT) return;
    event.preventDefault();
    await backstrideOutbox.send().catch(() => {});
    const left = await mine().catch(() => []);
    if (left.length) ask(form, left);
    else leave(form);
  }

  function leave(form) {
    sessionStorage.removeItem(DRAFT);
    sessionStorage.removeItem(FOLLOW);
    form.submit(); // past this listener
  }

  function ask(form, left) {
    const asked = element("dialog", "", "card");
    const title = element("h2", counted("unsent", "many_unsent", left.length));
    title.id = "unsent";
    asked.setAttribute("aria-labelledby", title.id);
    const choices = element("div", "", "actions");
    choices.append(
      button(say("keep_and_leave"), () => leave(form), ""),
      button(say("delete_and_leave"), async () => {
        for (const note of left) await backstrideOutbox.remove(note.key);
        leave(form);
      }, "button-quiet"),
      button(say("stay"), () => asked.close(), "button-quiet"),
    );
    asked.append(title, element("p", say("unsent_text")), choices);
    asked.addEventListener("close", () => asked.remove());
    form.after(asked);
    asked.showModal();
  }

  document.addEventListener("submit", submit);
  document.addEventListener("submit", signOut);
  document.addEventListener("submit", draft);
  document.addEventListener("htmx:beforeSwap", followAway);
  document.addEventListener("htmx:confirm", keepFirst);
  document.addEventListener("htmx:afterRequest", afterHtmx);
  window.addEventListener("online", async () => {
    await sendWaiting();
    if (document.body.dataset.copy && (await fetch("/outbox/").catch(() => null))?.ok) showSent([]); // not at a network that leads nowhere
  });
  navigator.serviceWorker?.addEventListener("message", (event) => { if (event.data?.sent) showSent(event.data.sent); });
  document.addEventListener("DOMContentLoaded", () => {
    if (document.body.dataset.copy) document.querySelectorAll(".messages").forEach((old) => old.remove());
    offerDraft();
    sayWaiting();
    sendWaiting();
    guardCopies().catch(() => {}); // a browser that keeps nothing has none
  });
  window.addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {})); // the page first
})();
