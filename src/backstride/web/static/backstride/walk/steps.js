// Counts steps while the walk goes on, by their rhythm: how fast the magnitude of the
// acceleration repeats over the last seconds. The measurement that counts is made on arrival
// by `backstride.walking`, from the raw signal; this one is for the eye.
"use strict";

const RATE_HZ = 25; // what every phone's rate is brought to
const HOP = 12; // samples between two looks: about half a second
const WINDOW = 125; // 5 s, looked at together
const LEAST_MOVE = 0.35; // m/s²: a smaller spread is standing
const LEAST_REPEAT = 0.3; // of 1: less is no rhythm
const PAUSE_SHARE = 0.3; // of the window's spread; a half-second below it has no step
const USUAL_SPM = 108;
const PRIOR_WIDTH = 0.42; // in the logarithm: what a step's and a stride's rhythm are told apart by
const PRIOR_WORTH = 0.25;
const LONGEST_HOLE_S = 0.5; // after a longer one the rhythm begins anew

function stepCounter() {
  const signal = []; // even samples, band-passed
  const slow = { gravity: null, smooth: null };
  let even = null; // { slot, sum, n }: the sample that is being averaged
  let sinceLook = 0;
  let steps = 0;
  let cadence = 0; // steps a minute, 0 while standing
  let lastT = null;
  let counted = 0; // how far into the window steps are credited

  function spread(from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += signal[i] * signal[i];
    return Math.sqrt(sum / Math.max(to - from, 1));
  }

  // How alike the window is to itself `lag` samples later, from -1 to 1.
  function alike(lag) {
    let both = 0;
    let first = 0;
    let second = 0;
    for (let i = lag; i < signal.length; i++) {
      both += signal[i] * signal[i - lag];
      first += signal[i] * signal[i];
      second += signal[i - lag] * signal[i - lag];
    }
    return both / Math.sqrt(first * second + 1e-9);
  }

  // The step's lag in samples, with the stride's twice as far for a phone that feels one leg more.
  function rhythm() {
    const repeat = [];
    const most = Math.min(75, signal.length - 25);
    for (let lag = 0; lag <= most; lag++) repeat.push(lag < 7 ? 1 : alike(lag));
    const at = (lag) => {
      const low = Math.floor(lag);
      if (low + 1 >= repeat.length) return repeat[repeat.length - 1];
      return repeat[low] + (lag - low) * (repeat[low + 1] - repeat[low]);
    };
    let best = { score: -1 };
    for (let lag = 8; lag <= most / 2; lag += 0.1) {
      const spm = (60 * RATE_HZ) / lag;
      const pair = 0.4 * at(lag) + 0.6 * at(2 * lag);
      const off = Math.log(spm / USUAL_SPM) / PRIOR_WIDTH;
      const score = pair - PRIOR_WORTH * off * off;
      if (score > best.score) best = { score, pair, spm };
    }
    return best;
  }

  function look() {
    const whole = spread(0, signal.length);
    const found = whole < LEAST_MOVE || signal.length < 50 ? null : rhythm();
    const walks = found && found.pair >= LEAST_REPEAT;
    cadence = walks ? found.spm : 0;
    return { walks, whole };
  }

  // Half a second of steps at the window's middle; `from` counts samples from its start.
  function credit(from, to, { walks, whole }) {
    if (walks && spread(from, to) >= PAUSE_SHARE * whole) steps += (cadence / 60) * ((to - from) / RATE_HZ);
  }

  function add(value) {
    if (slow.gravity === null) { slow.gravity = value; slow.smooth = 0; }
    slow.gravity += 0.04 * (value - slow.gravity); // what changes within a second is kept
    slow.smooth += 0.45 * (value - slow.gravity - slow.smooth); // and no rattling
    signal.push(slow.smooth);
    sinceLook += 1;
    if (signal.length <= WINDOW) {
      if (signal.length === WINDOW) { // its first half is counted now that it is full
        const seen = look();
        for (; counted + HOP <= WINDOW / 2; counted += HOP) credit(counted, counted + HOP, seen);
        sinceLook = 0;
      } else if (sinceLook >= HOP) { sinceLook = 0; look(); }
      return;
    }
    signal.shift();
    counted -= 1;
    if (sinceLook >= HOP) { sinceLook = 0; credit(counted, counted + HOP, look()); counted += HOP; }
  }
  // What is in the window but not counted yet, as at a pause.
  function settle() {
    if (signal.length >= 50) {
      const seen = look();
      for (let i = counted; i < signal.length; i += HOP) credit(i, Math.min(i + HOP, signal.length), seen);
    }
    signal.length = 0;
    slow.gravity = null;
    even = null;
    counted = 0;
    sinceLook = 0;
    cadence = 0;
    lastT = null;
  }

  return {
    // A reading: milliseconds, and acceleration with gravity in m/s².
    push(tMs, x, y, z) {
      const t = tMs / 1000;
      if (lastT !== null && t - lastT > LONGEST_HOLE_S) settle();
      const slot = Math.floor(t * RATE_HZ);
      const size = Math.sqrt(x * x + y * y + z * z);
      if (even && slot === even.slot) { even.sum += size; even.n += 1; } else if (!even || slot > even.slot) {
        if (even) {
          const value = even.sum / even.n;
          const next = Math.min(slot - even.slot, RATE_HZ);
          // A slot that no reading fell into lies on the line between its neighbours.
          for (let i = 0; i < next; i++) add(value + ((size - value) * i) / next);
        }
        even = { slot, sum: size, n: 1 };
      }
      lastT = t;
    },
    settle,
    get steps() { return Math.round(steps); },
    get cadence() { return Math.round(cadence); },
  };
}
