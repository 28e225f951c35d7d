/** A server of shapes without substance, to look at the wall while the real one is away: `node web/dev/mock-server.ts [port]`. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname } from 'node:path';
import { WebSocketServer } from 'ws';
import type { Alert } from '../src/api/shapes.ts';
import { alert, alerts, cameras, demoFile, headSeq, nextSeq, placed, sensors, units } from './mock-world.ts';

const user = { id: 'me', name: '席3', role: 'seat', areas: 'all' };
const dist = new URL('../dist/', import.meta.url);
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; media-src blob:; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'";
const sockets = new Set<import('ws').WebSocket>();

const tell = (message: object) => {
  for (const socket of sockets) socket.send(JSON.stringify(message));
};

function move(id: string, action: string, body: { reason?: string }): Alert | undefined {
  const at = alerts.findIndex((one) => one.id === id);
  const from = alerts[at];
  if (!from) return undefined;
  const by = { id: user.id, name: user.name, at: new Date().toISOString() };
  const { acknowledgedBy: _, ...free } = from;
  const next = {
    acknowledge: { ...from, state: 'acknowledged' as const, acknowledgedBy: by },
    release: { ...free, state: 'raised' as const },
    confirm: { ...from, state: 'confirmed' as const, closedBy: by },
    dismiss: { ...from, state: 'dismissed' as const, closedBy: by, dismissReason: body.reason ?? '' },
  }[action];
  if (!next) return undefined;
  const seq = nextSeq();
  alerts[at] = { ...next, seq, version: from.version + 1 };
  tell({ type: 'event', topic: 'alerts', seq, at: by.at, data: alerts[at] });
  return alerts[at];
}

const clipOf: Record<string, string> = {
  'k1431-460': 'tunnel',
  'k1432-120': 'pedestrian',
  'k1432-640': 'curve',
  'k1433-500': 'fog',
};
const sourceOf = (id: string) => {
  const clip = new URL(`../../demo/clips/${clipOf[id] ?? 'traffic'}.mp4`, import.meta.url).pathname;
  return existsSync(clip)
    ? ['-stream_loop', '-1', '-i', clip, '-c', 'copy']
    : ['-f', 'lavfi', '-i', 'testsrc=size=640x360'];
};

let jpeg: Buffer | undefined;
function picture(): Buffer {
  const frame = ['-ss', '9', '-frames:v', '1', '-c:v', 'mjpeg', '-f', 'mjpeg', '-'];
  jpeg ??= execFileSync('ffmpeg', ['-v', 'error', ...sourceOf('k1432-120').slice(0, -2), ...frame]);
  return jpeg;
}

async function bodyOf(request: IncomingMessage) {
  const parts = await Array.fromAsync(request);
  return JSON.parse(Buffer.concat(parts).toString() || '{}');
}

async function answer(request: IncomingMessage, path: string): Promise<object | Buffer | string | undefined> {
  const [, action] = /^\/alerts\/[^/]+\/([a-z]+)$/.exec(path) ?? [];
  if (request.method === 'POST' && action) return move(path.split('/')[2] ?? '', action, await bodyOf(request));
  if (path.endsWith('/ticket')) return { ticket: 'one', expiresAt: new Date(Date.now() + 30_000).toISOString() };
  if (path.endsWith('snapshot.jpg')) return picture();
  if (path === '/warnings.geojson') return { type: 'FeatureCollection', features: [] };
  if (path.endsWith('.geojson')) return demoFile(path.slice(1));
  return {
    '/auth/me': user,
    '/auth/login': { user, token: 'x', expiresAt: '' },
    '/map': { center: { lat: 27.303, lon: 105.3 }, zoom: 12.4, title: 'G76 · K1420–K1452' },
    '/alerts': { items: alerts },
  }[path];
}

function file(response: ServerResponse, path: string): void {
  const url = new URL(path === '/' ? 'index.html' : path.slice(1), dist);
  if (!existsSync(url)) return void response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': types[extname(url.pathname)] ?? 'application/octet-stream',
    'content-security-policy': csp,
  });
  response.end(readFileSync(url));
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://x');
  if (pathname.startsWith('/api/v1')) await api(request, response, pathname.slice('/api/v1'.length));
  else file(response, pathname);
});

async function api(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  if (path === '/auth/me' && !request.headers.cookie?.includes('s=1')) return void response.writeHead(401).end('{}');
  const found = await answer(request, path).catch(() => undefined);
  if (path === '/auth/login') response.setHeader('set-cookie', 's=1; Path=/; HttpOnly');
  if (path === '/auth/logout') response.setHeader('set-cookie', 's=; Path=/; Max-Age=0');
  response.setHeader('content-type', Buffer.isBuffer(found) ? 'image/jpeg' : 'application/json');
  response.writeHead(found === undefined ? 404 : 200);
  response.end(typeof found === 'string' || Buffer.isBuffer(found) ? found : JSON.stringify(found ?? {}));
}

const streams = new WebSocketServer({ noServer: true });
streams.on('connection', (socket, request) => {
  const id = /streams\/(.+)\.flv/.exec(request.url ?? '')?.[1] ?? '';
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-re', ...sourceOf(id), '-f', 'flv', '-']);
  ffmpeg.stdout.on('data', (chunk) => socket.send(chunk));
  ffmpeg.on('close', () => socket.close());
  socket.on('close', () => ffmpeg.kill());
});
server.on('upgrade', (request, socket, head) => {
  const to = request.url?.startsWith('/ws') ? live : streams;
  to.handleUpgrade(request, socket, head, (opened) => to.emit('connection', opened, request));
});

const live = new WebSocketServer({ noServer: true });
live.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  const send = (message: object) => socket.send(JSON.stringify(message));
  send({ type: 'hello', at: new Date().toISOString(), seq: headSeq() });
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'ping') send({ type: 'pong', t: message.t, at: new Date().toISOString() });
    if (message.type !== 'subscribe') return;
    for (const [topic, items] of Object.entries({ alerts, units, cameras, sensors }))
      send({ type: 'snapshot', topic, items, seq: headSeq() });
  });
});

setInterval(() => {
  const moved = units
    .filter(({ status, online, stake }) => online && status === 'free' && stake)
    .map((unit) => {
      const [km = 0, rest = 0] = (unit.stake ?? '').slice(1).split('+').map(Number);
      const side = unit.carriageway ?? 'down';
      const { bearing: _, ...place } = placed(km * 1000 + rest + (side === 'up' ? -44 : 44), side);
      return Object.assign(unit, place, { at: new Date().toISOString() });
    });
  tell({ type: 'event', topic: 'units', at: new Date().toISOString(), data: moved });
}, 2_000).unref();

process.on('SIGUSR2', () => {
  const made = alert({
    kind: 'sos',
    severity: 'critical',
    title: '巡4 求救',
    meters: 1_436_600,
    side: 'up',
    ago: 0,
    unit: 'xun4',
  });
  alerts.push(made);
  tell({ type: 'event', topic: 'alerts', seq: made.seq, at: made.at, data: made });
});

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1');
