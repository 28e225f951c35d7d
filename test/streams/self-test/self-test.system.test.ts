import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { openStore } from '../../../src/store/store.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { Video } from '../../../src/streams/video.ts';
import { VideoConfig } from '../../../src/streams/video-config.ts';
import { filled } from '../../helpers/filled.ts';
import { descendantsOf } from '../../helpers/processes.ts';
import { root } from '../../helpers/program.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const wait = { timeout: 30_000, interval: 50 };
const clip = join(root, 'demo/clips/traffic.mp4');

test('a camera that is connected is looked at, with its clock; one that nobody watches is never dialled for it', async () => {
  await using opened = new AsyncDisposableStack();
  const { path } = opened.use(await tempDir());
  const device = opened.use(await startRtspServer({ streams: { '/main': { clip } } }));
  const idle = opened.use(await startRtspServer({ streams: { '/main': { clip } } }));
  const position = { lat: 27.3, lon: 105.3 };
  const source = device.urlOf('/main');
  const cameras = resolveCameras({
    cameras: [
      { id: 'watched', source, position },
      { id: 'sampled', source, position },
      { id: 'untested', source, selfTest: false },
      { id: 'idle', source: idle.urlOf('/main') },
    ],
  });
  const store = opened.use(await openStore(join(path, 'operations.sqlite')));
  const config = filled(VideoConfig, { selfTest: { roundSeconds: 1 } });
  const video = new Video({ cameras, config, store, dataDirectory: path, ffmpegPath: 'ffmpeg', log: silentLog });
  opened.defer(() => video.close());
  video.start();
  const told = new Set<string>();
  video.streams.on('state', ({ id, health }) => health && told.add(id));

  for (const camera of ['watched', 'untested'])
    video.streams.open({ camera }, { write: () => true, end: () => undefined });
  const ending = new AbortController();
  const sampling = (async () => {
    for await (const _ of video.streams.frames('sampled', { everyMs: 500, signal: ending.signal }));
  })();
  const sees = (id: string) => video.streams.status(id)?.health?.sees;
  await expect.poll(() => [sees('watched'), sees('sampled')], wait).toEqual([expect.any(String), expect.any(String)]);
  expect([sees('untested'), sees('idle'), idle.dials]).toEqual([undefined, undefined, 0]);
  expect([...told].sort()).toEqual(['sampled', 'watched']);
  await expect.poll(() => Math.abs(video.streams.clockOffset('watched') ?? Number.NaN), wait).toBeLessThan(3_000);
  ending.abort();
  await sampling;
  await video.close();
  expect(descendantsOf(process.pid)).toEqual([]);
}, 60_000);
