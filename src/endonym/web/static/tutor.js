// What pages gain from JavaScript: Enter sends, a stop button, one polite status line, smaller pictures. Everything works without it.
"use strict";
// A picture is drawn anew before it is sent: the right way up, small enough for a slow network, and without the notes of the camera.
const drawn = async (file) => {
  const MOST = 1600;
  const whole = await createImageBitmap(file);
  const share = Math.min(1, MOST / Math.max(whole.width, whole.height));
  const canvas = Object.assign(document.createElement("canvas"), {width: Math.round(whole.width * share), height: Math.round(whole.height * share)});
  canvas.getContext("2d").drawImage(whole, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  const files = new DataTransfer();
  files.items.add(new File([blob], "picture.jpg", {type: "image/jpeg"}));
  return files.files;
};
addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("composer");
  const box = document.getElementById("message");
  const picture = document.getElementById("picture");
  let busy = false;
  for (const input of document.querySelectorAll(".picture input")) input.addEventListener("change", () => {
    const chosen = input.files;
    if (chosen.length) drawn(chosen[0]).then((files) => { if (input.files[0] === chosen[0]) input.files = files; }, () => {});  // else as it is: the server says what is wrong
  });
  box?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!busy && (box.value.trim() || picture?.files.length)) box.form.requestSubmit(box.form.querySelector("button.primary"));
    }
  });
  if (!form) return;
  const stop = document.getElementById("stop");
  const send = document.getElementById("send");
  const status = document.getElementById("status");
  const turns = document.getElementById("turns");
  let typed = "", shown = null, began = 0, used = null;
  const restore = () => {
    box.value = typed;
    if (picture && shown) picture.files = shown;
  };
  const offerAgain = () => {
    for (const button of turns.querySelectorAll(".writing .again, .stopped .again")) button.hidden = false;
  };
  turns.addEventListener("click", (event) => {
    if (busy || !event.target.matches(".again")) return;
    const broken = event.target.closest("article");
    const question = broken.previousElementSibling;
    typed = question.querySelector("p").textContent;
    restore();
    question.remove();
    broken.remove();
    form.requestSubmit(send);
  });
  const set = (now, said) => {
    if (!now) offerAgain();
    if (now && !busy) { began = performance.now(); used = null; }
    busy = now;
    const held = document.activeElement;  // a button that goes takes the focus with it
    stop.hidden = !now;
    for (const button of form.querySelectorAll("button")) if (button !== stop) button.disabled = now;
    if (now && held !== stop && held.tagName === "BUTTON" && form.contains(held)) { used = held; stop.focus(); }
    if (!now && held === stop) (used ?? box).focus();
    if (said) status.textContent = status.dataset[said];
  };
  form.addEventListener("htmx:before:request", () => {
    typed = box.value;
    shown = picture?.files;
    document.getElementById("problem").textContent = "";
    set(true, "writing");
  });
  form.addEventListener("htmx:sse:after:connection", () => {
    box.value = "";
    if (picture) picture.value = "";
  });
  const ended = () => { if (busy) set(false, turns.querySelector(".writing") ? "stopped" : "finished"); };  // who stopped it was told so
  form.addEventListener("htmx:finally:request", ended);
  form.addEventListener("htmx:sse:close", ended);
  form.addEventListener("htmx:error", () => { restore(); set(false, "stopped"); });
  stop.addEventListener("click", () => {
    if (performance.now() - began < 400) return;  // a key held down, or a second click, was meant for the button before
    htmx.trigger(form, "htmx:abort");
    for (const half of turns.querySelectorAll(".writing")) {
      half.classList.remove("writing");
      half.classList.add("stopped");
      half.querySelector(".reply").append(Object.assign(document.createElement("p"), {className: "problem", textContent: status.dataset.stopped}));
    }
    restore();
    set(false, "stopped");
    box.focus();
  });
  form.addEventListener("keydown", (event) => { if (event.key === "Escape" && busy) stop.click(); });
  form.addEventListener("htmx:sse:after:message", () => {
    const last = turns.lastElementChild;
    if (last && last.getBoundingClientRect().bottom > innerHeight) last.scrollIntoView({block: "nearest"});
  });
});
