// A soft tick and a short buzz at the pace, both off until they are asked for.
"use strict";

const walkBeat = (() => {
  const AHEAD_S = 0.25; // beats are set this long before they sound: a busy page doesn't limp
  let sound;
  let beating;
  let next; // when the next beat is due, in seconds of `performance.now()`
  const wish = { sound: false, buzz: false, spm: 100 };

  function tick(inS) {
    const at = sound.currentTime + inS;
    const tone = sound.createOscillator();
    const loud = sound.createGain();
    tone.frequency.value = 520;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.09, at + 0.008);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.09);
    tone.connect(loud).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.1);
  }

  function beat() {
    const now = performance.now() / 1000;
    if (next < now) next = now; // the page slept
    for (; next < now + AHEAD_S; next += 60 / wish.spm) {
      if (wish.sound && sound) tick(next - now);
      if (wish.buzz && navigator.vibrate) setTimeout(() => navigator.vibrate(30), 1000 * (next - now));
    }
  }

  return {
    wish,
    // To be called from a tap, as phones ask for.
    start() {
      const Sound = window.AudioContext || window.webkitAudioContext;
      if (wish.sound && !sound && Sound) sound = new Sound();
      if (sound && sound.state === "suspended") sound.resume();
      if (beating || !(wish.sound || wish.buzz)) return;
      next = performance.now() / 1000 + 0.1;
      beating = setInterval(beat, 100);
    },
    stop() {
      clearInterval(beating);
      beating = undefined;
    },
  };
})();
