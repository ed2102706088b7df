// The service worker of the field page: pages from the network while there is one, else as the telephone keeps them.
// What is kept is decided by field.js, page by page; here nothing is sent and nothing is thrown away.

const PAGES = "field-pages", ASSETS = "field-assets";
const PATIENCE = 5000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(asset(event, url));
  else if (request.mode === "navigate") event.respondWith(page(request, url));
});

// At once what is kept, and a fresh one for the next time.
const asset = async (event, url) => {
  const kept = await caches.match(url.pathname, { cacheName: ASSETS });
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok && kept) await (await caches.open(ASSETS)).put(url.pathname, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => null));
  return kept;
};

// The network's, unless it takes too long and there is one at hand.
const page = async (request, url) => {
  const fresh = fetch(request).then(async (answer) => {
    const pages = await caches.open(PAGES);
    if (answer.ok && !answer.redirected && !url.search && await pages.match(url.pathname)) await pages.put(url.pathname, answer.clone());
    return answer;
  });
  const kept = await keptFor(url.pathname);
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
  // A gateway that answers for a server that does not is no better than none.
  const first = await Promise.race([fresh, late]).catch(() => null);
  return first && first.status < 500 ? first : kept;
};

// The page itself, or for an act's form the kit of its job; the locked page for everything after too long a time.
const keptFor = async (path) => {
  const pages = await caches.open(PAGES);
  const met = await last();
  const home = new URL("./", location).pathname;
  if (met && Date.now() - met.at > met.for) return pages.match(`${home}locked/`);
  const job = path.match(/^(.*\/jobs\/[^/]+\/)do\/[^/]+\/$/);
  return (await pages.match(path)) ?? (job ? pages.match(`${job[1]}kit/`) : undefined);
};

// When the server was met last: meta.met, as store.js writes it.
const last = () => new Promise((resolve) => {
  const asked = indexedDB.open("shouwen-field", 1);
  asked.onupgradeneeded = () => asked.transaction.abort();
  asked.onerror = () => resolve(null);
  asked.onsuccess = () => {
    const row = asked.result.transaction("meta").objectStore("meta").get("met");
    row.onsuccess = () => { resolve(row.result?.value ?? null); asked.result.close(); };
    row.onerror = () => resolve(null);
  };
});
