// Without network a question is kept on this device and sent when the network is back, and the student is told. Needs kept.js.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const notes = document.getElementById("kept");
  if (!notes || !("serviceWorker" in navigator)) return;
  const HOURS = 6;
  const note = (said, text, address) => {
    const line = Object.assign(document.createElement("p"), {textContent: `${notes.dataset[said]} `});
    const quoted = Object.assign(document.createElement(address ? "a" : "q"), {textContent: text, dir: "auto"});
    if (address) quoted.href = address;
    line.append(quoted);
    notes.append(line);
    const status = document.getElementById("status");  // one polite status a page
    if (status) status.textContent = line.textContent;
  };
  const list = async () => {
    notes.textContent = "";
    for (const {message, picture} of await kept.all()) note("kept", message || picture.name);
  };
  const send = () => navigator.locks.request("endonym-kept", {ifAvailable: true}, async (lock) => {
    if (!lock || !navigator.onLine) return;
    for (const {key, action, message, picture} of await kept.all()) {
      const form = new FormData();
      form.append("message", message);
      if (picture) form.append("picture", picture);
      let answer;
      try {
        answer = await fetch(action, {method: "POST", body: picture ? form : new URLSearchParams(form)});
      } catch {
        return;
      }
      if (answer.status >= 500 || answer.status === 429) return;
      await kept.drop(key);
      await list();
      if (answer.ok) note("sent", message || picture.name, answer.url);
      else note("failed", message || picture.name);
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const box = form.querySelector("textarea[name=message]");
    const message = event.submitter?.value || box?.value.trim() || "";
    const files = form.querySelector(".picture input");
    const picture = files?.files[0];
    if (navigator.onLine || !(message || picture) || !/\/(ask|say)$/.test(form.action)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    kept.add(new URL(form.action).pathname, message, picture).then(() => {
      if (box) box.value = "";
      if (picture) files.value = "";
      return list();
    });
  }, true);
  const prepare = async () => {
    await navigator.serviceWorker.register("/worker.js");
    const shell = await caches.open("endonym-1");
    const own = notes.dataset.page;  // of this pack
    const before = await shell.match(own);
    const made = before?.headers.get("date");
    const fresh = made && before.headers.get("content-language") === document.documentElement.lang && Date.now() - Date.parse(made) < HOURS * 3600000;
    const page = fresh ? before : await fetch(own);
    if (!page.ok) return;
    if (!fresh) await shell.put(own, page.clone());
    await shell.put("/offline", page);  // for addresses that name no pack: that of the pack that was open last
  };
  addEventListener("online", send);
  list().then(send);
  if (navigator.onLine) prepare().catch(() => {});
});
