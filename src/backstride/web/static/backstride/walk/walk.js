// Records a walk: motion, time and pauses, kept as they come and sent when it is over.
"use strict";

const NO_MOTION_AFTER_MS = 4000;
const LEAST_APART_MS = 14; // 60 readings a second are plenty, and what a browser gives
const KEEP_EVERY_MS = 2000;
const LONGEST_MS = 10 * 3600 * 1000;
const LEAST_MS = 30_000;
const READING_BYTES = 20;
const HOLD_MS = 800;
const BAR = [60, 160]; // steps a minute from end to end of the bar

(() => {
  const part = (name) => document.querySelector(`[data-${name}]`);
  const say = walkSay;
  const counter = stepCounter();
  const aim = walkTold.low ? [walkTold.low, walkTold.high] : null;
  let walk = null; // as it stands in the store
  let readings = []; // since it was last kept
  let lastReadingMs = 0;
  let clockOff = 0; // from the events' clock to the wall's
  let stepsBefore = 0; // of this walk, counted before the page was opened anew
  let [lock, place, ticking, keeping, quietFor] = [];
  let hiddenSince = null;
  let saidMinutes = 0;

  const isWalking = () => walk && walk.state === "open" && walk.pausedAt === null;
  const activeMs = (now) => {
    const rest = walk.pauses.reduce((sum, [from, to]) => sum + to - from, 0);
    return (walk.pausedAt === null ? now : walk.pausedAt) - walk.startMs - rest;
  };
  const clock = (ms) => {
    const s = Math.max(0, Math.floor(ms / 1000));
    const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
    return `${h ? `${h}:${String(m).padStart(2, "0")}` : m}:${String(s % 60).padStart(2, "0")}`;
  };
  const hear = (text) => { part("heard").textContent = text; };
  const trouble = (text) => { part("trouble").textContent = text; part("trouble").hidden = !text; };

  // Motion

  function onMotion(event) {
    const felt = event.accelerationIncludingGravity;
    if (!isWalking() || !felt || felt.x === null) return;
    const at = event.timeStamp + clockOff;
    if (at - lastReadingMs < LEAST_APART_MS || at < walk.startMs) return;
    if (!walk.moved) { walk.moved = true; trouble(""); }
    lastReadingMs = at;
    readings.push(at - walk.startMs, felt.x, felt.y, felt.z);
    counter.push(at, felt.x, felt.y, felt.z);
  }

  async function askForMotion() {
    const Motion = window.DeviceMotionEvent;
    if (!window.isSecureContext) return "insecure";
    if (!Motion) return "no_motion";
    if (Motion.requestPermission) { // iPhones ask, and only on a tap
      const answer = await Motion.requestPermission().catch(() => "denied");
      if (answer !== "granted") return "denied";
    }
    window.addEventListener("devicemotion", onMotion);
    return "";
  }

  // What is kept

  function packed() {
    const bytes = new ArrayBuffer((readings.length / 4) * READING_BYTES);
    const view = new DataView(bytes);
    for (let i = 0, at = 0; i < readings.length; i += 4, at += READING_BYTES) {
      view.setFloat64(at, readings[i], true);
      for (let axis = 1; axis <= 3; axis++) view.setFloat32(at + 4 + 4 * axis, readings[i + axis], true);
    }
    readings = [];
    return bytes;
  }

  function keep() {
    if (!walk) return Promise.resolve();
    walk.lastMs = Date.now();
    walk.steps = stepsBefore + counter.steps;
    return walkStore.put({ ...walk }, packed()).catch(() => trouble(say("no_storage")));
  }

  // What is shown

  function show() {
    if (!walk) return;
    const now = Date.now();
    const spm = isWalking() ? counter.cadence : 0;
    part("time").textContent = clock(activeMs(now));
    part("cover-time").textContent = clock(activeMs(now));
    part("steps").textContent = walk.moved ? stepsBefore + counter.steps : "–";
    part("cadence").textContent = spm || "–";
    part("pace-said").textContent = isWalking() && walk.moved ? paceWords(spm) : "";
    const bar = part("pace-bar");
    if (bar) {
      bar.hidden = !spm;
      part("pace-now").style.left = `${across(spm)}%`;
    }
    const minutes = Math.floor(activeMs(now) / 60_000);
    if (minutes && minutes % 5 === 0 && minutes !== saidMinutes) { saidMinutes = minutes; hear(say("minute", minutes)); }
    if (now - walk.startMs > LONGEST_MS) { finish(); trouble(say("longest")); }
  }

  const across = (spm) => Math.min(100, Math.max(0, (100 * (spm - BAR[0])) / (BAR[1] - BAR[0])));

  function paceWords(spm) {
    if (!spm) return stepsBefore + counter.steps ? say("standing") : say("finding");
    if (!aim) return "";
    return spm < aim[0] - 3 ? say("faster") : spm > aim[1] + 3 ? say("slower") : say("on_pace");
  }

  function face() {
    const open = walk && walk.state === "open";
    const main = part("main");
    main.textContent = !open ? say("start") : isWalking() ? say("pause") : say("go_on");
    part("state").textContent = !open ? say("ready") : isWalking() ? say("walking") : say("paused");
    part("more").hidden = !open;
    part("lock").disabled = !isWalking();
    if (open) hear(part("state").textContent);
  }

  // The walk's course

  async function begin(found) {
    lastReadingMs = 0;
    clockOff = Date.now() - performance.now();
    walk = found;
    const refused = await askForMotion();
    go();
    if (refused) trouble(say(refused));
    else {
      clearTimeout(quietFor);
      quietFor = setTimeout(() => { if (walk && !walk.moved) trouble(say("no_motion")); }, NO_MOTION_AFTER_MS);
    }
  }

  function start() {
    const now = Date.now();
    trouble("");
    stepsBefore = saidMinutes = 0;
    return begin({
      id: crypto.randomUUID ? crypto.randomUUID() : madeUp(), mark: walkTold.mark, state: "open", startMs: now, lastMs: now, endMs: null,
      pauses: [], pausedAt: null, steps: 0, moved: false, aim, route: [],
    });
  }

  // Without https there is no randomUUID; getRandomValues is there always.
  function madeUp() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function go() {
    if (walk.pausedAt !== null) { walk.pauses.push([walk.pausedAt, Date.now()]); walk.pausedAt = null; }
    clockOff = Date.now() - performance.now();
    clearInterval(ticking);
    clearInterval(keeping);
    ticking = setInterval(show, 500);
    keeping = setInterval(keep, KEEP_EVERY_MS);
    stayAwake();
    followRoute();
    walkBeat.start();
    keep();
    face();
    show();
  }

  function rest() {
    walk.pausedAt = Date.now();
    counter.settle();
    walkBeat.stop();
    letSleep();
    keep();
    face();
    show();
  }

  function letSleep() {
    if (lock) lock.then((held) => held && held.release());
    lock = undefined;
    if (place !== undefined) navigator.geolocation.clearWatch(place);
    place = undefined;
  }

  async function finish() {
    const now = Date.now();
    const whole = activeMs(now);
    if (walk.pausedAt !== null) walk.pauses.push([walk.pausedAt, now]);
    walk.pausedAt = null;
    counter.settle();
    await end(now, whole);
  }

  async function end(atMs, whole) {
    clearInterval(ticking);
    clearInterval(keeping);
    clearTimeout(quietFor);
    window.removeEventListener("devicemotion", onMotion);
    walkBeat.stop();
    letSleep();
    const done = walk;
    done.endMs = atMs;
    done.state = "kept";
    await keep();
    walk = null;
    readings = [];
    face();
    if (whole < LEAST_MS) {
      await walkStore.drop(done.id).catch(() => undefined);
      trouble(say("too_short"));
      return;
    }
    hear(say("sending"));
    const outcome = await sendAll({ asked: true }).catch(() => null);
    if (outcome && outcome.id === done.id && outcome.walk) window.location.assign(outcome.walk);
  }

  // Beside it: the screen, the route, the pocket

  function stayAwake() {
    if (!navigator.wakeLock || lock) return;
    lock = navigator.wakeLock.request("screen").catch(() => { if (walk && !part("trouble").textContent) trouble(say("no_wake")); });
  }

  function followRoute() {
    if (!part("choice=route").checked || !navigator.geolocation || place !== undefined) return;
    const found = ({ coords, timestamp }) => {
      if (!isWalking() || coords.accuracy > 50 || timestamp < walk.startMs) return;
      walk.route.push([Math.round((timestamp - walk.startMs) / 100) / 10, coords.latitude, coords.longitude]);
    };
    place = navigator.geolocation.watchPosition(found, () => trouble(say("no_route")), { enableHighAccuracy: true });
  }

  function cover() {
    const dialog = part("cover");
    const unlock = part("unlock");
    let holding;
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    unlock.addEventListener("pointerdown", () => { holding = setTimeout(() => dialog.close(), HOLD_MS); });
    ["pointerup", "pointerleave", "pointercancel"].forEach((name) => unlock.addEventListener(name, () => clearTimeout(holding)));
    unlock.addEventListener("contextmenu", (event) => event.preventDefault());
    unlock.addEventListener("click", (event) => { if (event.detail === 0) dialog.close(); }); // by key, or read aloud
    part("lock").addEventListener("click", () => dialog.showModal());
  }

  function choose() {
    const tempo = part("tempo");
    const told = part("tempo-said");
    tempo.value = walkTold.tempo;
    const set = () => { walkBeat.wish.spm = Number(tempo.value); told.textContent = tempo.value; };
    set();
    tempo.addEventListener("input", set);
    ["sound", "buzz"].forEach((name) => part(`choice=${name}`).addEventListener("change", (event) => {
      walkBeat.wish[name] = event.target.checked;
      walkBeat.stop();
      if (isWalking()) walkBeat.start();
    }));
    part("choice=route").addEventListener("change", (event) => {
      if (event.target.checked && isWalking()) followRoute();
      else if (!event.target.checked && place !== undefined) {
        navigator.geolocation.clearWatch(place);
        place = undefined;
        if (walk) walk.route = [];
      }
    });
  }

  // A walk that a closed tab left open: it ended when it was last seen, or goes on after a pause.
  async function offerOpen() {
    const left = (await walkStore.all()).find((one) => one.state === "open" && one.mark === walkTold.mark);
    if (!left) return;
    const box = part("open");
    const seen = (left.pausedAt === null ? left.lastMs : left.pausedAt) - left.startMs - left.pauses.reduce((sum, [from, to]) => sum + to - from, 0);
    part("open-said").textContent = say("left", Math.max(1, Math.round(seen / 60_000)));
    box.hidden = false;
    part("walk").hidden = true;
    const chosen = (work) => () => { box.hidden = true; part("walk").hidden = false; work(); };
    part("go-on").addEventListener("click", chosen(() => {
      if (left.pausedAt === null) left.pausedAt = left.lastMs;
      stepsBefore = left.steps;
      begin(left);
    }));
    part("end-open").addEventListener("click", chosen(() => {
      walk = left;
      stepsBefore = left.steps;
      if (left.pausedAt !== null) left.lastMs = left.pausedAt;
      left.pausedAt = null;
      end(left.lastMs, seen);
    }));
    part("drop-open").addEventListener("click", () => { if (window.confirm(say("sure"))) chosen(() => walkStore.drop(left.id))(); });
  }

  part("main").addEventListener("click", () => { if (!walk) start(); else if (isWalking()) rest(); else go(); });
  part("finish").addEventListener("click", finish);
  document.addEventListener("visibilitychange", () => {
    if (!isWalking()) return;
    if (document.hidden) { hiddenSince = Date.now(); keep(); return; }
    lock = undefined; // a hidden page loses it
    stayAwake();
    const away = hiddenSince ? Math.round((Date.now() - hiddenSince) / 1000) : 0;
    if (away > 3 && walk.moved) trouble(say("hidden", away));
  });
  window.addEventListener("pagehide", () => { if (walk) keep(); });
  window.addEventListener("beforeunload", (event) => { if (isWalking()) event.preventDefault(); });
  if (aim && part("pace-bar")) {
    const band = document.querySelector(".walk-pace-aim");
    band.style.left = `${across(aim[0])}%`;
    band.style.width = `${across(aim[1]) - across(aim[0])}%`;
  }
  cover();
  choose();
  face();
  offerOpen().catch(() => trouble(say("no_storage")));
})();
