import { afterAll, beforeAll, expect, test } from 'vitest';
import { readVideoFormat } from '../../../src/streams/rtp/video-format.ts';
import { type GstCamera, startGstCamera } from '../../helpers/gst-camera.ts';
import { makeClip } from '../clips.ts';
import { played } from './played.ts';

const credentials = { username: 'operator', password: 'canary-secret' };
const cameras: GstCamera[] = [];

beforeAll(async () => {
  const [avc, hevc] = [await makeClip({ size: '640x360' }), await makeClip({ codec: 'h265', size: '640x360' })];
  const streams = {
    '/h264': { clip: avc, codec: 'h264', sound: 'aac' },
    '/h265': { clip: hevc, codec: 'h265', sound: 'pcma' },
  } as const;
  cameras.push(await startGstCamera({ streams, ...credentials }));
});

afterAll(async () => {
  for (const camera of cameras) await camera[Symbol.asyncDispose]();
});

const urlOf = (path: string) => cameras[0]?.urlOf(path) ?? '';

test.each([
  ['h264', 'tcp'],
  ['h264', 'udp'],
  ['h265', 'tcp'],
  ['h265', 'udp'],
] as const)(
  "GStreamer's camera plays %s over %s with digest, tells its time, and its sound is heard",
  async (codec, transport) => {
    const before = Date.now();
    const seen = await played(
      { url: urlOf(`/${codec}`), credentials, transport, withSound: true },
      ({ pictures, pictureTimes, sound, soundTimes }) =>
        pictures.length > 60 && pictureTimes.length > 20 && sound.length > 30 && soundTimes.length > 5,
    );
    expect(seen.losses).toBe(0);
    expect(seen.video?.codec).toBe(codec);
    const [first] = seen.pictures;
    expect(first?.key).toBe(true);
    expect(first && readVideoFormat(codec, first.parameters.sps)).toMatchObject({ width: 640, height: 360 });
    const spread = seen.pictures
      .slice(1)
      .map(({ timestamp }, n) => (timestamp - (seen.pictures[n]?.timestamp ?? 0)) | 0);
    expect(new Set(spread.map((ticks) => Math.round(ticks / 90)))).toEqual(new Set([40]));
    for (const at of [...seen.pictureTimes, ...seen.soundTimes]) {
      expect(at.getTime()).toBeGreaterThan(before - 5_000);
      expect(at.getTime()).toBeLessThan(Date.now() + 5_000);
    }
    const expected =
      codec === 'h264'
        ? { codec: 'aac', clockRate: 16_000, channels: 1, config: Buffer.from([0x14, 0x08]) }
        : { codec: 'pcma', clockRate: 8_000, channels: 1 };
    expect(seen.audio).toMatchObject(expected);
  },
);

test("GStreamer's camera refuses a wrong password and a path it has not", async () => {
  const wrong = { ...credentials, password: 'guess' };
  const refused = played({ url: urlOf('/h264'), credentials: wrong }, () => true);
  await expect(refused).rejects.toMatchObject({ failure: 'unauthorized' });
  const none = played({ url: urlOf('/none'), credentials }, () => true);
  await expect(none).rejects.toMatchObject({ failure: 'not_found' });
});
