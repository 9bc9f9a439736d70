// What a student wrote without network, kept on this device until it is sent. Shared by pages and the worker.
"use strict";
const kept = {
  async in(mode, work) {
    const base = await new Promise((done, failed) => {
      const opening = indexedDB.open("endonym", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("kept", {autoIncrement: true});
      opening.onsuccess = () => done(opening.result);
      opening.onerror = () => failed(opening.error);
    });
    try {
      return await new Promise((done, failed) => {
        const transaction = base.transaction("kept", mode);
        const asked = work(transaction.objectStore("kept"));
        transaction.oncomplete = () => done(asked.result);
        transaction.onerror = transaction.onabort = () => failed(transaction.error);
      });
    } finally {
      base.close();
    }
  },
  put: (entry) => kept.in("readwrite", (store) => store.add(entry)),
  // Where the device has no room for a picture, the words alone.
  add: (action, message, picture) => kept.put({action, message, picture}).catch((error) => { if (!message) throw error; return kept.put({action, message}); }),
  drop: (key) => kept.in("readwrite", (store) => store.delete(key)),
  async all() {
    const [keys, values] = await Promise.all([kept.in("readonly", (store) => store.getAllKeys()), kept.in("readonly", (store) => store.getAll())]);
    return keys.map((key, place) => ({key, ...values[place]}));
  },
};
