import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { type Log, silentLog } from '../../../src/shared/log.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { makeClip } from '../clips.ts';

interface Sampling {
  readonly codec: 'h264' | 'h265';
  readonly ffmpegPath?: string;
  readonly log?: Log;
}

/** How long each of so many pictures after the first came after the one before, of a camera with a key picture every 200 ms. */
async function gapsBetween(
  pictures: number,
  { codec, ffmpegPath = 'ffmpeg', log = silentLog }: Sampling,
): Promise<number[]> {
  const clip = await makeClip({ codec, size: '320x240', gop: 5, seconds: 2 });
  await using server = await startRtspServer({ streams: { '/main': { clip } } });
  const cameras = resolveCameras({ cameras: [{ id: 'cam', source: server.url }] });
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  await using streams = new CameraStreams({ cameras, resolveOnvif, ffmpegPath, log, lingerMs: 100 });
  const times: number[] = [];
  for await (const _ of streams.frames('cam', { everyMs: 200, signal: AbortSignal.timeout(20_000) })) {
    times.push(performance.now());
    if (times.length > pictures) break;
  }
  return times.slice(1).map((time, index) => time - (times[index] ?? 0));
}

test.each(['h264', 'h265'] as const)(
  'with %s key pictures alone pictures go on coming, each at once',
  async (codec) => {
    const gaps = await gapsBetween(12, { codec });
    expect(gaps).toHaveLength(12);
    expect(gaps.toSorted((a, b) => a - b)[6]).toBeLessThan(350);
  },
);

test('a device that opens but decodes nothing is left for software, and the log says so', async () => {
  await using directory = await tempDir();
  const ffmpegPath = join(directory.path, 'ffmpeg');
  const lines = [
    '#!/bin/sh',
    'case "$* " in',
    '*-hwaccels*) echo vaapi; exit 0;;',
    '*-init_hw_device*) exit 0;;',
    '*"-hwaccel vaapi"*) echo "No support for codec h264 profile 100." >&2; exit 1;;',
    'esac',
    'exec ffmpeg "$@"',
  ];
  await writeFile(ffmpegPath, lines.join('\n'));
  await chmod(ffmpegPath, 0o755);
  const warned: string[] = [];
  const log = { ...silentLog, warn: (_: object, message: string) => warned.push(message) };
  expect(await gapsBetween(2, { codec: 'h264', ffmpegPath, log })).toHaveLength(2);
  expect(warned).toContain('hardware does not decode this camera; software does');
});
