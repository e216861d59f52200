// The worker of the board: what it showed last is there again when it starts without the network.
// Served under the board's own address, so that no other page is in its hands.

const KEPT = "mt-board";
const PATIENCE = 10_000; // milliseconds until a network that says nothing counts as none

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const isPage = (url) => url.pathname === "/screens/board/";
const isShell = (url) => url.pathname === "/screens/board/size.css" || url.pathname.startsWith("/static/");

// The page as it was, marked: its module then says since when nothing new has come.
const lastOf = async (request, url) => {
  const cache = await caches.open(KEPT);
  const found = await cache.match(request) || (isPage(url) && await cache.match(request, { ignoreSearch: true }));
  if (!found || !isPage(url)) return found;
  const text = (await found.text()).replace("data-mt-board", "data-mt-kept data-mt-board");
  return new Response(text, { headers: found.headers });
};

const answer = async (request) => {
  const url = new URL(request.url);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (fresh.ok) await (await caches.open(KEPT)).put(request, fresh.clone());
    if (fresh.status < 500) return fresh;
    return await lastOf(request, url) || fresh;
  } catch {
    return await lastOf(request, url) || Response.error();
  }
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const isOurs = url.origin === self.location.origin && event.request.method === "GET";
  if (isOurs && (isPage(url) || isShell(url))) event.respondWith(answer(event.request));
});
