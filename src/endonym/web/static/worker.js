// For times without network: the shell, a kind page, and what somebody wrote. Conversations are never kept by it.
"use strict";
importScripts("/static/kept.js");
const SHELL = "endonym-1";
const FILES = ["/static/endonym.css", "/static/mark.svg", "/static/tutor.js", "/static/kept.js", "/static/offline.js"];
addEventListener("install", (event) => event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const {request} = event;
  const {origin, pathname} = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(request.method === "POST" ? sent(request, pathname) : fetch(request).catch(() => offline(pathname)));
  else if (request.method === "GET" && pathname.startsWith("/static/")) event.respondWith(fetch(request).catch(() => fromShell(pathname)));
});
const fromShell = async (path) => (await (await caches.open(SHELL)).match(path)) ?? Response.error();
const OF_PACK = /^\/(?:t|practice|rules|passages)\/([^/]+)/;
async function offline(pathname) {
  const pack = pathname.match(OF_PACK)?.[1];
  return (pack && (await (await caches.open(SHELL)).match(`/practice/${pack}/offline`))) ?? fromShell("/offline");
}
async function sent(request, pathname) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const form = await copy.formData();
    const message = form.get("quick") || form.get("message") || "";
    const picture = form.get("picture")?.size ? form.get("picture") : undefined;
    if ((message || picture) && /^\/(t|c|class)\/[^/]+\/(ask|say)$/.test(pathname)) await kept.add(pathname, message, picture).catch(() => {});  // a device that keeps nothing
    return offline(pathname);
  }
}
