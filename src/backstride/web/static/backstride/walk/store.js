// Keeps walks on the phone until they have arrived: what was walked is written as it comes, so
// that a closed tab or an empty battery loses two seconds at most.
"use strict";

const walkStore = (() => {
  let opened;

  function open() {
    opened = opened || new Promise((resolve, reject) => {
      const asked = indexedDB.open("backstride-walks", 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("walks", { keyPath: "id" });
        asked.result.createObjectStore("blocks", { autoIncrement: true }).createIndex("walk", "walk");
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return opened;
  }

  // Runs `work(stores)` in one transaction; gives what its request came to, once all is kept.
  async function within(mode, work) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const whole = base.transaction(["walks", "blocks"], mode);
      const asked = work(whole.objectStore("walks"), whole.objectStore("blocks"));
      whole.oncomplete = () => resolve(asked && asked.result);
      whole.onabort = whole.onerror = () => reject(whole.error);
    });
  }

  return {
    // The walk as it stands, and the readings since the last time.
    put: (walk, readings) => within("readwrite", (walks, blocks) => {
      walks.put(walk);
      if (readings && readings.byteLength) blocks.add({ walk: walk.id, readings });
    }),
    all: () => within("readonly", (walks) => walks.getAll()),
    readings: (id) => within("readonly", (walks, blocks) => blocks.index("walk").getAll(id)),
    drop: (id) => within("readwrite", (walks, blocks) => {
      walks.delete(id);
      const found = blocks.index("walk").openKeyCursor(IDBKeyRange.only(id));
      found.onsuccess = () => {
        if (!found.result) return;
        blocks.delete(found.result.primaryKey);
        found.result.continue();
      };
    }),
  };
})();
