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
  add: (action, message, picture) => kept.in("readwrite", (store) => store.add({action, message, picture})),
  drop: (key) => kept.in("readwrite", (store) => store.delete(key)),
  async all() {
    const [keys, values] = await Promise.all([kept.in("readonly", (store) => store.getAllKeys()), kept.in("readonly", (store) => store.getAll())]);
    return keys.map((key, place) => ({key, ...values[place]}));
  },
};
