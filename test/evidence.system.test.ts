import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { startRtspServer } from '../demo/simulators/rtsp-server.ts';
import { openZip } from '../src/alerts/evidence/verifying/read-zip.ts';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { type Role, systemActor } from '../src/shared/actor.ts';
import { type Caller, logIn } from './helpers/caller.ts';
import { root, runCommand } from './helpers/program.ts';
import { tempDir } from './helpers/temp-dir.ts';
import { run } from './streams/clips.ts';

const password = 'luchu-baiyun-27';

/** A command center with one camera that it records. */
async function openSite() {
  const opened = new AsyncDisposableStack();
  const { path: dir } = opened.use(await tempDir());
  const { path: data } = opened.use(await tempDir());
  const camera = opened.use(
    await startRtspServer({ streams: { '/main': { clip: join(root, 'demo/clips/traffic.mp4') } } }),
  );
  await writeFile(
    join(dir, 'tianliang.yaml'),
    'mqtt: { embedded: { host: 127.0.0.1, port: 0 } }\ndetector: { workers: 0 }\n',
  );
  await writeFile(
    join(dir, 'cameras.yaml'),
    `cameras:\n  - { id: cam, source: ${camera.urlOf('/main')}, record: continuous, position: { lat: 27.3, lon: 105.29 } }\n`,
  );
  const app = await createApp({
    config: await loadConfig(dir, {}),
    readConfig: () => loadConfig(dir, {}),
    ...{ dataDir: data, ffmpegPath: 'ffmpeg', version: '0.0.0', wall: dir, logLevel: 'silent' },
  });
  opened.defer(() => app.http.close());
  const url = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const login = async (name: string, role: Role) => {
    await app.access.accounts.add({ name, role, areas: 'all', password, anyPassword: true }, systemActor);
    return await logIn(url, name, password);
  };
  return { data, url, login, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

interface Recorded {
  readonly items: { kind: string; from: string; to: string }[];
}

/** So many seconds of pictures, once they are on disk. */
async function recordedSpan(seat: Caller, seconds: number): Promise<{ from: string; to: string }> {
  const since = new Date().toISOString();
  const longest = async () => {
    const to = new Date().toISOString();
    const { items } = await seat.get<Recorded>(`/cameras/cam/recordings?from=${since}&to=${to}`);
    return items.find(
      ({ kind, from, to: end }) => kind === 'recording' && Date.parse(end) - Date.parse(from) >= seconds * 1_000,
    );
  };
  await expect.poll(longest, { timeout: 60_000, interval: 500 }).toBeDefined();
  const { from = '', to = '' } = (await longest()) ?? {};
  return { from, to };
}

async function download(caller: Caller, path: string, file: string): Promise<string> {
  const answer = await caller.fetch(`/api/v1${path}`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  await writeFile(file, Buffer.from(await answer.arrayBuffer()));
  return file;
}

async function fileOf(path: string, pattern: RegExp): Promise<Buffer> {
  await using zip = await openZip(path);
  const entry = zip.entries.find(({ name }) => pattern.test(name));
  expect(entry, `${pattern} in ${zip.entries.map(({ name }) => name)}`).toBeDefined();
  return entry ? await buffer(await entry.read()) : Buffer.alloc(0);
}

/** The picture in the middle of a clip, as grey bytes. */
async function middleOf(clip: Buffer, file: string): Promise<Buffer> {
  await writeFile(file, clip);
  await run('ffmpeg', ['-v', 'error', '-y', '-ss', '1', '-i', file, '-frames:v', '1', `${file}.png`]);
  return await sharp(`${file}.png`).greyscale().resize(320, 180, { fit: 'fill' }).raw().toBuffer();
}

test('evidence of an incident: asked for, approved by another, given out as a package that verifies offline, and a marked copy', {
  timeout: 240_000,
}, async () => {
  await using site = await openSite();
  const seat = await site.login('seat', 'seat');
  const reviewer = await site.login('reviewer', 'reviewer');
  const viewer = await site.login('viewer', 'viewer');
  const span = await recordedSpan(seat, 4);
  const report = {
    source: 'call-110',
    kind: 'manhole',
    title: '井盖缺失',
    position: { lat: 27.3, lon: 105.29 },
    alerts: [],
  };
  const { id: incident } = await seat.post<{ id: string }>('/incidents', report);
  const photo = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#468' } })
    .jpeg()
    .toBuffer();
  const headers = { 'content-type': 'image/jpeg' };
  await seat.fetch(`/api/v1/incidents/${incident}/photos`, { method: 'POST', headers, body: new Uint8Array(photo) });

  const asked = { incident, purpose: '交警取证', recipient: '交警支队', cameras: ['cam'], ...span };
  const { id } = await seat.post<{ id: string }>('/evidence', asked);
  await expect(seat.post(`/evidence/${id}/approve`)).rejects.toMatchObject({ status: 403 });
  await expect(viewer.get(`/evidence/${id}`)).rejects.toMatchObject({ status: 403 });
  expect((await seat.fetch(`/api/v1/evidence/${id}/package.zip`)).status).toBe(409);
  await reviewer.post(`/evidence/${id}/approve`);

  const original = await download(seat, `/evidence/${id}/package.zip`, join(site.data, 'original.zip'));
  const key = await runCommand(['evidence', 'key', '--data', site.data]);
  const verified = await runCommand(['evidence', 'verify', original, '--key', key.lines[0] ?? '']);
  expect(verified.output).toContain('is intact');
  expect(verified.code).toBe(0);
  const heads = join(site.data, 'ledger-heads.jsonl');
  const ledgerKey = ['--heads', heads, '--ledger-key', join(site.data, 'keys/ledger.pub')];
  const held = await runCommand(['evidence', 'verify', original, ...ledgerKey]);
  expect(held.output).toContain(`as it was signed in ${heads}`);
  expect((await fileOf(original, /^recordings\/cam\/.*\.mp4$/)).subarray(4, 8).toString()).toBe('ftyp');
  expect((await fileOf(original, /^photos\//)).length).toBeGreaterThan(1_000);

  const review = await download(reviewer, `/evidence/${id}/package.zip?copy=review`, join(site.data, 'review.zip'));
  expect((await runCommand(['evidence', 'verify', review])).output).toContain('a watermarked review copy');
  const plain = await middleOf(await fileOf(original, /^clips\/cam\.mp4$/), join(site.data, 'plain.mp4'));
  const marked = await middleOf(await fileOf(review, /^clips\/cam\.review\.mp4$/), join(site.data, 'marked.mp4'));
  const differing = plain.filter((value, index) => Math.abs(value - (marked[index] ?? 0)) > 12).length;
  expect(differing / plain.length).toBeGreaterThan(0.01);
  await expect(fileOf(review, /^recordings\//)).rejects.toThrow();

  const exports = async () => {
    const path = '/ledger?action=evidence.export';
    const { items } = await reviewer.get<{ items: { actor: string; result: string }[] }>(path);
    return items.map(({ actor, result }) => `${actor} ${result}`);
  };
  await expect.poll(exports).toEqual(['reviewer ok', 'seat ok']);
});

test('a touched package, a wrong key and no package end with their codes', async () => {
  await using dir = await tempDir();
  const path = join(dir.path, 'x.zip');
  expect((await runCommand(['evidence', 'verify', path])).code).toBe(1);
  await writeFile(path, 'no zip');
  const { code, output } = await runCommand(['evidence', 'verify', path]);
  expect(output).toContain('is NOT as it was given out');
  expect(code).toBe(2);
  expect((await runCommand(['evidence', 'verify', path, '--key', 'nonsense'])).code).toBe(1);
});
