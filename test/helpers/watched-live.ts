import { WebSocket } from 'ws';
import { WhepPlayer } from '../streams/whep/whep-player.ts';
import type { Caller } from './caller.ts';

/** Something under way that only the server ends. */
export interface UnderWay {
  readonly name: string;
  /** When it was over, by `performance.now()`. */
  readonly over: Promise<number>;
}

export async function ticketOf(caller: Caller, camera: string): Promise<string> {
  return (await caller.post<{ ticket: string }>(`/cameras/${camera}/ticket`)).ticket;
}

/** Pictures over HTTP: live, or with `more` what was recorded. Resolves once the first have come. */
export async function playHttp(caller: Caller, camera: string, more = ''): Promise<UnderWay> {
  const response = await fetch(`${caller.url}/streams/${camera}.flv?ticket=${await ticketOf(caller, camera)}${more}`);
  if (!response.ok) throw new Error(`${camera}${more}: ${response.status} ${await response.text()}`);
  const reader = response.body?.getReader();
  for (let bytes = 0; bytes < 1_000; ) bytes += (await reader?.read())?.value?.length ?? 1_000;
  const drained = async () => {
    for (let done = false; !done; ) done = (await reader?.read().catch(() => ({ done: true })))?.done ?? true;
    return performance.now();
  };
  return { name: more === '' ? `${camera} over HTTP` : 'a recording over HTTP', over: drained() };
}

/** The same over a WebSocket; `/ws` is the wall's own. */
export async function playSocket(caller: Caller, path: string, camera?: string): Promise<UnderWay> {
  const ticket =
    camera === undefined ? '' : `${path.includes('?') ? '&' : '?'}ticket=${await ticketOf(caller, camera)}`;
  const headers = camera === undefined ? caller.headers : {};
  const socket = new WebSocket(`${caller.url.replace('http', 'ws')}${path}${ticket}`, { headers });
  socket.on('error', () => {});
  const over = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now())));
  await Promise.race([new Promise((resolve) => socket.once('message', resolve)), over]);
  return { name: `${path.replace(/=[^&]*/g, '')} over WebSocket`, over };
}

/** Live pictures over WebRTC: over when the last packet has come. */
export async function playWhep(caller: Caller, camera: string): Promise<UnderWay & AsyncDisposable> {
  const player = new WhepPlayer();
  const url = `${caller.url}/streams/${camera}.whep?ticket=${await ticketOf(caller, camera)}`;
  const headers = { 'content-type': 'application/sdp' };
  const response = await fetch(url, { method: 'POST', headers, body: await player.offer() });
  if (response.status !== 201) throw new Error(`${camera}: ${response.status} ${await response.text()}`);
  await player.accept(await response.text());
  const over = async () => {
    let [count, at] = [0, performance.now()];
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const now = performance.now();
      if (player.packets.length > count) [count, at] = [player.packets.length, now];
      else if (count > 0 && now - at > 2_500) return at;
    }
  };
  while (player.packets.length < 20) await new Promise((resolve) => setTimeout(resolve, 50));
  return { name: `${camera} over WebRTC`, over: over(), [Symbol.asyncDispose]: () => player[Symbol.asyncDispose]() };
}

/** A download by somebody with a slow line, who reads all there is once `hurry` is called; fails when it comes whole. */
export async function downloadSlowly(caller: Caller, path: string): Promise<UnderWay & { hurry: () => void }> {
  const response = await caller.fetch(path, { signal: AbortSignal.timeout(600_000) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  const reader = response.body?.getReader();
  const hurry = new AbortController();
  const next = async () => await reader?.read().catch(() => undefined);
  const read = async () => {
    let bytes = 0;
    for (let piece = await next(); piece !== undefined; piece = await next()) {
      if (piece.done) throw new Error(`all of ${path} came: ${bytes} bytes`);
      bytes += piece.value.length;
      if (!hurry.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return performance.now();
  };
  const name = path.includes('zip') ? 'an evidence package' : 'a clip';
  return { name, over: read(), hurry: () => hurry.abort() };
}
