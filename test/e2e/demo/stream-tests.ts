import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Caller } from '../../helpers/caller.ts';
import type { DemoRun } from '../../helpers/demo-run.ts';
import { root, runCommand } from '../../helpers/program.ts';

interface ProbedStream {
  readonly codec_name: string;
  readonly width: number;
  readonly height: number;
}

const demoCameras = ['k1429-800', 'k1431-460', 'k1432-120', 'k1432-640', 'k1433-500', 'k1437-900'];

async function ticketFor(caller: Caller, camera: string): Promise<string> {
  return (await caller.post<{ ticket: string }>(`/cameras/${camera}/ticket`)).ticket;
}

const streamPath = (camera: string, ticket: string) => `/streams/${camera}.flv?ticket=${encodeURIComponent(ticket)}`;

/** What Debian's ffprobe makes of a camera, with a ticket as its only credential. */
async function probe(demo: DemoRun, camera: string): Promise<ProbedStream[]> {
  const ticket = await ticketFor(await demo.login('seat'), camera);
  const entries = ['-show_entries', 'stream=codec_name,width,height', '-of', 'json'];
  const args = ['-v', 'error', ...entries, `${demo.url}${streamPath(camera, ticket)}`];
  const { stdout } = await promisify(execFile)('ffprobe', args, { timeout: 50_000 });
  return (JSON.parse(stdout) as { streams: ProbedStream[] }).streams;
}

/** Reads the first bytes and leaves. */
async function knock(url: string, path: string) {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(30_000)]);
  const response = await new Caller(url).fetch(path, { signal });
  const first = await response.body?.getReader().read();
  leaving.abort();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    first: Buffer.from(first?.value ?? []).toString('latin1'),
  };
}

/** Live pictures, and finding the cameras. */
export function streamTests(demo: () => DemoRun): void {
  test('ffprobe sees H.264 of 1280 × 720, and H.265 where the camera sends that', async () => {
    const streams = await Promise.all(['k1429-800', 'k1437-900'].map((camera) => probe(demo(), camera)));
    expect(streams).toEqual(['h264', 'hevc'].map((codec) => [{ codec_name: codec, width: 1_280, height: 720 }]));
  });

  test('without a ticket and a session a stream is a problem of 401', async () => {
    const { status, type, first } = await knock(demo().url, '/streams/k1429-800.flv');
    expect({ status, type }).toEqual({ status: 401, type: expect.stringMatching(/^application\/problem\+json/) });
    expect(JSON.parse(first)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('a ticket is good once, and for its own camera only', async () => {
    const seat = await demo().login('seat');
    const { url } = demo();
    const ticket = await ticketFor(seat, 'k1429-800');
    expect(await knock(url, streamPath('k1429-800', ticket))).toMatchObject({
      status: 200,
      type: 'video/x-flv',
      first: expect.stringMatching(/^FLV/),
    });
    expect((await knock(url, streamPath('k1429-800', ticket))).status).toBe(401);
    expect((await knock(url, streamPath('k1431-460', await ticketFor(seat, 'k1429-800')))).status).toBe(401);
    expect((await knock(url, streamPath('k1429-800', 'made-up'))).status).toBe(401);
  });

  test('every camera is there, and gives a still picture', async () => {
    const seat = await demo().login('seat');
    const { items } = await seat.get<{ items: { id: string; position?: object }[] }>('/cameras');
    expect(items.map(({ id }) => id).toSorted()).toEqual(demoCameras);
    expect(items.every(({ position }) => position !== undefined)).toBe(true);
    const still = await seat.fetch('/api/v1/cameras/k1432-640/snapshot.jpg');
    expect(still.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await still.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  });

  test('cameras discover finds all six by WS-Discovery', async () => {
    const { code, lines } = await runCommand(['cameras', 'discover', '--config', join(root, 'demo/config')]);
    // Another demo, or a camera of the house, may answer too.
    const found = lines.flatMap((line) => /^onvif:\/\/\S+\/ +127\.0\.0\.1 +(\S+), TL-SIM, G76$/.exec(line)?.[1] ?? []);
    const names = demoCameras.map((id) => id.replace('k', 'K').replace('-', '+'));
    expect([...new Set(found)].toSorted()).toEqual(names);
    expect(code).toBe(0);
  });
}
