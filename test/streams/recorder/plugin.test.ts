import { Readable } from 'node:stream';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import type { Actor } from '../../../src/shared/actor.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { ClipSpanError } from '../../../src/streams/recorder/clip.ts';
import { NothingRecordedError } from '../../../src/streams/recorder/nothing-recorded-error.ts';
import { type RecorderPluginOptions, recorderPlugin } from '../../../src/streams/recorder/plugin.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { fakeDeeds } from '../../helpers/fake-deeds.ts';

const reviewer: Actor = { id: 'u1', name: 'reviewer', role: 'reviewer', areas: ['west'] };
const at = (seconds: number) => new Date(Date.parse('2026-11-21T08:00:00.000Z') + seconds * 1_000);

async function openHttp(
  recorder: Partial<RecorderPluginOptions['recorder']> = {},
  ledger: 'works' | 'fails' = 'works',
) {
  const cameras = resolveCameras({
    cameras: [
      { id: 'cam', source: 'rtsp://127.0.0.1:1/a', area: 'west' },
      { id: 'foreign', source: 'rtsp://127.0.0.1:1/b', area: 'east' },
    ],
  });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const streams = new CameraStreams({ cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog });
  const deeds = fakeDeeds(ledger);
  const app = Fastify();
  const access = new Map<string, unknown>();
  app.addHook('onRoute', ({ method, url, config }) => void access.set(`${method} ${url}`, config?.access));
  await app.register(recorderPlugin, {
    streams,
    recorder: {
      timeline: async () => ({ items: [] }),
      clip: async () => {
        throw new NothingRecordedError();
      },
      prune: async () => ({ deleted: 0, bytes: 0, refused: 0 }),
      ...recorder,
    },
    actorOf: () => reviewer,
    begin: deeds.begin,
  });
  return {
    app,
    rows: deeds.rows,
    access,
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await streams.close();
    },
  };
}

const span = 'from=2026-11-21T08:00:00Z&to=2026-11-21T08:10:00%2B00:00';

test('what there is of a camera is listed, gaps with their reasons', async () => {
  await using http = await openHttp({
    timeline: async ({ camera, from, to }) => ({
      items: [
        { kind: 'recording', from, to: at(60), locked: false, codec: 'h264', cameraClockOffsetMs: -40 },
        { kind: 'gap', from: at(60), to, reason: camera === 'cam' ? 'offline' : 'unknown' },
      ],
      next: to,
    }),
  });
  const { statusCode, body } = await http.app.inject(`/cameras/cam/recordings?${span}`);
  expect([statusCode, JSON.parse(body)]).toEqual([
    200,
    {
      items: [
        {
          kind: 'recording',
          from: '2026-11-21T08:00:00.000Z',
          to: '2026-11-21T08:01:00.000Z',
          locked: false,
          codec: 'h264',
          cameraClockOffsetMs: -40,
        },
        { kind: 'gap', from: '2026-11-21T08:01:00.000Z', to: '2026-11-21T08:10:00.000Z', reason: 'offline' },
      ],
      next: '2026-11-21T08:10:00.000Z',
    },
  ]);
});

test('a clip is a download with a name of its own; its row comes when it was read', async () => {
  const clip = {
    from: at(-1),
    to: at(10),
    gaps: 2,
    bytes: 5,
    stream: () => Readable.from(['bytes']),
    leave: () => undefined,
  };
  await using http = await openHttp({ clip: async () => clip });
  const { headers, body } = await http.app.inject(`/cameras/cam/clip.mp4?${span}`);
  expect(body).toBe('bytes');
  expect(headers).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': '5',
    'content-disposition': 'attachment; filename="cam-2026-11-21T075959000Z.mp4"',
    'x-recording-from': '2026-11-21T07:59:59.000Z',
    'x-recording-gaps': '2',
  });
  const exported = { actor: reviewer, action: 'recording.export', object: 'camera/cam' };
  await expect.poll(() => http.rows).toMatchObject([{ ...exported, result: 'ok', details: { bytes: 5 } }]);
});

test('of a clip that breaks the row says that it failed, and with what', async () => {
  async function* broken() {
    yield Buffer.from('by');
    throw new Error('the disk is gone');
  }
  const clip = {
    from: at(-1),
    to: at(10),
    gaps: 2,
    bytes: 5,
    stream: () => Readable.from(broken()),
    leave: () => undefined,
  };
  await using http = await openHttp({ clip: async () => clip });
  await http.app.inject(`/cameras/cam/clip.mp4?${span}`).catch(() => undefined);
  await expect.poll(() => http.rows).toMatchObject([{ result: 'failed', details: { bytes: 5, reason: 'Error' } }]);
});

test('without its row no footage leaves the house, and nothing is deleted', async () => {
  let streamed = 0;
  const stream = () => {
    streamed += 1;
    return Readable.from(['bytes']);
  };
  let left = 0;
  const leave = () => {
    left += 1;
  };
  const clip = { from: at(0), to: at(10), gaps: 0, bytes: 5, stream, leave };
  await using http = await openHttp({ clip: async () => clip }, 'fails');
  expect((await http.app.inject(`/cameras/cam/clip.mp4?${span}`)).statusCode).toBe(500);
  expect((await http.app.inject({ method: 'POST', url: '/recordings/prune', payload: {} })).statusCode).toBe(500);
  expect([streamed, left]).toEqual([0, 1]);
});

test('another area, nothing recorded, too long and nonsense are refused, each in its way', async () => {
  await using http = await openHttp();
  const statusOf = async (path: string) => (await http.app.inject(path)).statusCode;
  expect(await statusOf(`/cameras/foreign/recordings?${span}`)).toBe(404);
  expect(await statusOf(`/cameras/foreign/clip.mp4?${span}`)).toBe(404);
  expect(await statusOf(`/cameras/cam/clip.mp4?${span}`)).toBe(404);
  for (const bad of ['from=yesterday&to=today', 'from=2026-11-21T08:00:00Z', 'from=0&to=1'])
    expect(await statusOf(`/cameras/cam/clip.mp4?${bad}`), bad).toBe(400);
  for (const id of ['..%2f..%2fetc', '..%5c', '%252e%252e', 'cam%00', '%2fetc%2fpasswd'])
    expect([400, 404], id).toContain(await statusOf(`/cameras/${id}/clip.mp4?${span}`));
  await using long = await openHttp({
    clip: async () => {
      throw new ClipSpanError();
    },
  });
  expect((await long.app.inject(`/cameras/cam/clip.mp4?${span}`)).statusCode).toBe(400);
});

test('all may see what there is, reviewers take it with them, administrators delete', async () => {
  await using http = await openHttp();
  expect(Object.fromEntries(http.access)).toMatchObject({
    'GET /cameras/:id/recordings': 'any',
    'GET /cameras/:id/clip.mp4': ['reviewer'],
    'POST /recordings/prune': ['admin'],
  });
});
