/** Keeps the shell of the patrol's page for where there is no net, and shows what is pushed. Nothing of the API is kept. */
declare const self: ServiceWorkerGlobalScope;

const cacheName = 'tianliang-patrol-1';
const shell = ['/patrol', '/icon.svg'];
const mostKept = 60;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(shell)));
  void self.skipWaiting();
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(fromCacheFirst(event.request));
  else if (shell.includes(pathname)) event.respondWith(fromNetFirst(event.request));
});

self.addEventListener('push', (event) => {
  const { title, body, tag } = told(event.data);
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon: '/icon.svg' }));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(showPage());
});

/** A file named after its content never changes. */
async function fromCacheFirst(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await keep(cache, request, answer.clone());
  return answer;
}

async function fromNetFirst(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  try {
    const answer = await fetch(request);
    if (answer.ok) await keep(cache, request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request)) ?? Response.error();
  }
}

/** Files of builds long gone go as others come. */
async function keep(cache: Cache, request: Request, answer: Response): Promise<void> {
  await cache.put(request, answer);
  const keys = await cache.keys();
  const old = keys.filter(({ url }) => new URL(url).pathname.startsWith('/assets/'));
  for (const one of old.slice(0, Math.max(0, old.length - mostKept))) await cache.delete(one);
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}

/** What a push says, in as many words as a notice has; one that says nothing is still shown. */
function told(data: PushMessageData | null): { title: string; body: string; tag: string } {
  const said: { title?: unknown; place?: unknown; tag?: unknown } = parsed(data);
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  return { title: text(said.title, '天亮'), body: text(said.place, ''), tag: text(said.tag, 'tianliang') };
}

function parsed(data: PushMessageData | null): object {
  try {
    return data?.json() ?? {};
  } catch {
    return {};
  }
}

async function showPage(): Promise<void> {
  const open = await self.clients.matchAll({ type: 'window' });
  const page = open.find(({ url }) => new URL(url).pathname === '/patrol');
  if (page) await page.focus();
  else await self.clients.openWindow('/patrol');
}
