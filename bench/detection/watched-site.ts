import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../demo/free-port.ts';
import { endChild, spawnChild } from '../../src/shared/child.ts';
import { stripShare } from './numbered-pass.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const password = 'luchu-baiyun-27';
const readyMs = 60_000;
/** The walker's feet go down the picture through all of them. */
const zonesOfPass = 6;
const [firstFoot, lastFoot] = [0.7, 0.92];

export interface WatchedSite extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Of a seat that has logged in. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SiteCameras {
  readonly directory: string;
  readonly urls: readonly string[];
  /** Seconds between two looks at a camera. */
  readonly every: number;
  readonly workers: number;
}

/** The real server on a config directory of watched cameras, as `tianliang start` runs it. */
export async function startWatchedSite({ directory, urls, every, workers }: SiteCameras): Promise<WatchedSite> {
  const [config, data] = [join(directory, 'config'), join(directory, 'data')];
  await mkdir(config, { recursive: true });
  const mqttPort = await freePort(0);
  await writeFile(join(config, 'tianliang.yaml'), siteFile(mqttPort, workers));
  await writeFile(join(config, 'cameras.yaml'), `cameras:\n${urls.map((url, n) => cameraOf(url, n, every)).join('')}`);
  const account = ['users', 'add', 'admin', '--role', 'admin', '--data', data];
  await promisify(execFile)(execPath, [main, ...account], { env: { ...process.env, TIANLIANG_PASSWORD: password } });
  const words = ['start', '--config', config, '--data', data, '--port', '0'];
  const child = spawnChild(execPath, [main, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await readyUrl(child.stdout);
    return {
      url,
      pid: child.pid ?? 0,
      headers: await logIn(url),
      [Symbol.asyncDispose]: () => endChild(child, 15_000),
    };
  } catch (error) {
    await endChild(child, 1_000);
    throw error;
  }
}

const siteFile = (mqttPort: number, workers: number) => `map:
  title: G76
  center: { lat: 27.3, lon: 105.29 }
  zoom: 13
mqtt:
  embedded: { host: 127.0.0.1, port: ${mqttPort} }
detector:
  workers: ${workers}
`;

/** Far enough from each other that no two alerts are one. */
function cameraOf(url: string, n: number, every: number): string {
  const step = (lastFoot - firstFoot) / zonesOfPass;
  const zones = Array.from({ length: zonesOfPass }, (_, zone) => {
    const [top, bottom] = [firstFoot + zone * step, firstFoot + (zone + 1) * step].map((y) => y.toFixed(4));
    return `        - { id: shoulder-${zone}, polygon: [[0.4, ${top}], [1, ${top}], [1, ${bottom}], [0.4, ${bottom}]] }\n`;
  });
  return `  - id: camera-${n}
    source: ${url}
    position: { lat: ${(27.3 + n / 100).toFixed(3)}, lon: 105.29 }
    detect:
      every: ${every}
      objects: [person]
      masks: [[[0, 0], [1, 0], [1, ${stripShare.toFixed(4)}], [0, ${stripShare.toFixed(4)}]]]
      zones:
${zones.join('')}`;
}

async function readyUrl(output: NodeJS.ReadableStream | null): Promise<string> {
  if (!output) throw new Error('the server has no output');
  const lines = createInterface({ input: output });
  const found = Promise.withResolvers<string>();
  lines.on('line', (line) => {
    const [, url] = /^Tianliang is ready at (http:\S+)$/.exec(line) ?? [];
    if (url) found.resolve(url);
  });
  lines.on('close', () => found.reject(new Error('the server ended before it was ready')));
  const late = setTimeout(() => found.reject(new Error(`the server was not ready in ${readyMs} ms`)), readyMs);
  return await found.promise.finally(() => clearTimeout(late));
}

async function logIn(url: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
  });
  const { token }: { token?: string } = JSON.parse(await answer.text());
  if (!token) throw new Error(`the seat could not log in: ${answer.status}`);
  return { authorization: `Bearer ${token}` };
}
