// Sends the walks that are kept on this phone, each until it has arrived. A walk carries a name
// of its own, so that one that is sent twice is one walk all the same.
"use strict";

const walkTold = JSON.parse(document.getElementById("walk-told").textContent);
const walkSay = (key, ...numbers) => numbers.reduce((text, number) => text.replace("#", number), walkTold.words[key]);
const AGAIN_MS = 60_000;

function csrfToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return cookie ? cookie[1] : field ? field.value : "";
}

async function formOf(walk) {
  const form = new FormData();
  const told = { key: walk.id, mark: walk.mark, start_ms: walk.startMs, end_ms: walk.endMs, sent_ms: Date.now() };
  Object.entries(told).forEach(([name, value]) => form.append(name, value));
  form.append("pauses", JSON.stringify(walk.pauses.map((pause) => pause.map((at) => (at - walk.startMs) / 1000))));
  form.append("route", JSON.stringify(walk.route));
  if (walk.aim) { form.append("aim_low_spm", walk.aim[0]); form.append("aim_high_spm", walk.aim[1]); }
  const blocks = await walkStore.readings(walk.id);
  const signal = new Blob(blocks.map((block) => block.readings));
  if (signal.size >= 100 * 20) {
    form.append("live_steps", walk.steps);
    form.append("signal", signal, "signal");
  }
  return form;
}

// Sends one walk: { walk: its page } once it is there, else { error, final } with why not.
async function sendWalk(walk) {
  let answer;
  try {
    answer = await fetch(walkTold.send, { method: "POST", body: await formOf(walk), headers: { "X-CSRFToken": csrfToken() } });
  } catch {
    return { error: "" }; // no network: that is no fault of the walk's
  }
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  const told = isJson ? await answer.json() : {};
  if (answer.ok && told.walk) {
    await walkStore.drop(walk.id);
    return { walk: told.walk };
  }
  if (answer.status === 401 || answer.status === 403) return { error: walkSay("sign_in"), signIn: true };
  return { error: told.error || "", final: [400, 413].includes(answer.status) };
}

const mineAndKept = async () => (await walkStore.all()).filter((walk) => walk.mark === walkTold.mark && walk.state === "kept");

// All that are kept, one after the other, in one tab at a time; the last outcome.
async function sendAll({ asked = false } = {}) {
  const work = async (free) => {
    if (!free) return null;
    let outcome = null;
    for (const walk of await mineAndKept()) {
      if (walk.refused && !asked) { outcome = outcome || { error: walk.refused, final: true, id: walk.id }; continue; }
      outcome = { ...(await sendWalk(walk)), id: walk.id };
      if (outcome.final) await walkStore.put({ ...walk, refused: outcome.error });
      else if (outcome.error !== undefined) break; // the others wouldn't fare better now
    }
    return outcome;
  };
  const outcome = navigator.locks ? await navigator.locks.request("backstride-walks", { ifAvailable: true }, work) : await work(true);
  await sayWhatWaits(outcome);
  return outcome;
}

async function sayWhatWaits(outcome) {
  const box = document.querySelector("[data-waiting]");
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [said, link, now, drop] = ["waiting-said", "waiting-link", "send-now", "drop-kept"].map(part);
  const left = await mineAndKept();
  const arrived = outcome && outcome.walk;
  const refused = left.find((walk) => walk.refused);
  let text = "";
  if (refused) text = `${walkSay("not_sent")} ${refused.refused}`;
  else if (outcome && outcome.error) text = `${walkSay("not_sent")} ${outcome.error}`;
  else if (left.length) text = left.length > 1 ? walkSay("waiting_many", left.length) : walkSay("waiting");
  else if (arrived) text = walkSay("sent");
  if (said.textContent !== text) said.textContent = text;
  link.hidden = !arrived && !(outcome && outcome.signIn);
  link.textContent = arrived ? walkSay("see") : walkTold.words.sign_in_link;
  link.href = arrived || `${walkTold.signIn}?next=${encodeURIComponent(location.pathname)}`;
  now.hidden = !left.length;
  drop.hidden = !refused;
  box.hidden = !text;
}

function keepSending() {
  if (!window.indexedDB) return;
  const trying = () => sendAll().catch(() => undefined); // a browser that keeps nothing has nothing to send
  const box = document.querySelector("[data-waiting]");
  box.querySelector("[data-send-now]").addEventListener("click", () => sendAll({ asked: true }));
  box.querySelector("[data-drop-kept]").addEventListener("click", async () => {
    const refused = (await mineAndKept()).find((walk) => walk.refused);
    if (refused && window.confirm(walkSay("sure"))) await walkStore.drop(refused.id);
    await sayWhatWaits(null);
  });
  window.addEventListener("online", trying);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) trying(); });
  setInterval(async () => { if ((await mineAndKept().catch(() => [])).length) trying(); }, AGAIN_MS);
  trying();
}

keepSending();
