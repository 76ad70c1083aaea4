// Leads through an exercise: holds are timed, sets and rests go on with a tap.
"use strict";

const READY_S = 3;
const LET_GO_S = 2; // a breath between two holds

// What is said, one after the other: `s` seconds, or until a tap where there are none.
function stepsOf({ sets, reps, hold, sides }, say) {
  const steps = [];
  for (let set = 1; set <= sets; set++) {
    for (let side = 1; side <= sides; side++) {
      const where = [sets > 1 ? say("set", set, sets) : "", sides > 1 ? say(side === 1 ? "first" : "second") : ""].filter(Boolean).join(", ");
      if (hold) {
        steps.push({ text: [say("ready"), where].filter(Boolean).join(": "), s: READY_S });
        for (let rep = 1; rep <= reps; rep++) {
          steps.push({ text: reps > 1 ? say("hold_of", rep, reps) : say("hold"), s: hold, held: true });
          if (rep < reps) steps.push({ text: say("release"), s: LET_GO_S });
        }
      } else {
        steps.push({ text: [where, say("times", reps)].filter(Boolean).join(": "), next: say("next") });
      }
    }
    if (set < sets) steps.push({ text: say("rest"), next: say("go_on") });
  }
  return steps;
}

let sound; // made by a tap, as phones ask for
function chime() {
  if (navigator.vibrate) navigator.vibrate(80);
  if (!sound) return;
  const tone = sound.createOscillator();
  const loud = sound.createGain();
  tone.frequency.value = 660;
  loud.gain.setValueAtTime(0.15, sound.currentTime);
  loud.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + 0.25);
  tone.connect(loud).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.25);
}

function lead(box) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  const words = JSON.parse(document.getElementById("timer-words").textContent);
  const say = (key, ...numbers) => numbers.reduce((text, number) => text.replace("#", number), words[key]);
  const numbers = Object.fromEntries(["sets", "reps", "hold", "sides"].map((key) => [key, Number(box.dataset[key])]));
  const [start, stop, said, left] = ["start", "stop", "said", "left"].map(part);
  const begin = start.textContent;
  let steps = [];
  let ticking;
  let lock;

  function end(text) {
    clearInterval(ticking);
    steps = [];
    said.textContent = text;
    left.textContent = "";
    stop.hidden = true;
    start.hidden = false;
    start.textContent = text ? say("again") : begin;
    if (lock) lock.then((held) => held && held.release());
    lock = undefined;
  }

  function go() {
    clearInterval(ticking);
    const step = steps.shift();
    if (!step) { chime(); end(say("done")); return; }
    said.textContent = step.text;
    start.hidden = !step.next;
    start.textContent = step.next || "";
    start.removeAttribute("aria-label"); // what it says is what it does from now on
    left.textContent = step.s || "";
    if (!step.s) return;
    const ends = Date.now() + step.s * 1000; // a hidden page ticks late: the clock counts
    ticking = setInterval(() => {
      const more = Math.ceil((ends - Date.now()) / 1000);
      left.textContent = Math.max(more, 0);
      if (more > 0) return;
      if (step.held) chime();
      go();
    }, 200);
  }

  start.addEventListener("click", () => {
    if (!steps.length && stop.hidden) {
      steps = stepsOf(numbers, say);
      const Sound = window.AudioContext;
      sound = sound || (Sound && new Sound());
      if (navigator.wakeLock) lock = navigator.wakeLock.request("screen").catch(() => undefined);
      stop.hidden = false;
    }
    go();
  });
  stop.addEventListener("click", () => { end(""); start.focus(); });
  box.hidden = false;
}

document.querySelectorAll("[data-timer]").forEach(lead);
