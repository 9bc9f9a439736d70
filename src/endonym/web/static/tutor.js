// What pages gain from JavaScript: Enter sends, a stop button, one polite status line. Everything works without it.
"use strict";
addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("composer");
  const box = document.getElementById("message");
  let busy = false;
  box?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      if (!busy && box.value.trim()) box.form.requestSubmit(box.form.querySelector("button.primary"));
    }
  });
  if (!form) return;
  const stop = document.getElementById("stop");
  const send = document.getElementById("send");
  const status = document.getElementById("status");
  const turns = document.getElementById("turns");
  let typed = "";
  const set = (now, said) => {
    busy = now;
    stop.hidden = !now;
    for (const button of form.querySelectorAll("button")) if (button !== stop) button.disabled = now;
    if (said) status.textContent = status.dataset[said];
  };
  form.addEventListener("htmx:before:request", () => {
    typed = box.value;
    document.getElementById("problem").textContent = "";
    set(true, "writing");
  });
  form.addEventListener("htmx:sse:after:connection", () => { box.value = ""; });
  form.addEventListener("htmx:finally:request", () => set(false, turns.querySelector(".writing") ? "stopped" : "finished"));
  form.addEventListener("htmx:sse:close", () => set(false, turns.querySelector(".writing") ? "stopped" : "finished"));
  form.addEventListener("htmx:error", () => { box.value = typed; set(false, "stopped"); });
  stop.addEventListener("click", () => {
    htmx.trigger(form, "htmx:abort");
    for (const half of turns.querySelectorAll(".writing")) {
      half.classList.remove("writing");
      half.classList.add("stopped");
      half.querySelector(".reply").append(Object.assign(document.createElement("p"), {className: "problem", textContent: status.dataset.stopped}));
    }
    box.value = typed;
    set(false, "stopped");
    box.focus();
  });
  form.addEventListener("htmx:sse:after:message", () => {
    const last = turns.lastElementChild;
    if (last && last.getBoundingClientRect().bottom > innerHeight) last.scrollIntoView({block: "nearest"});
  });
});
