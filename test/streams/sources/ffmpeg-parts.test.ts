import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressPolicy } from '../../../src/shared/address-policy.ts';
import { complaintFailure } from '../../../src/streams/sources/ffmpeg-complaint.ts';
import { FfmpegInputs } from '../../../src/streams/sources/ffmpeg-inputs.ts';
import { ffmpegArguments, firstPlan, nextPlan } from '../../../src/streams/sources/ffmpeg-plan.ts';
import { MpegtsReader } from '../../../src/streams/sources/mpegts-reader.ts';
import { type OtherSource, parseOtherSource } from '../../../src/streams/sources/source-url.ts';
import { StreamFailure } from '../../../src/streams/stream-failure.ts';

const secret = 'canary-secret';

async function inputOf(source: string) {
  const parsed = parseOtherSource(source);
  if (!parsed || parsed.kind === 'push') throw new Error('not for ffmpeg');
  const inputs = new FfmpegInputs(new AddressPolicy(['127.0.0.0/8', '10.0.0.0/8']));
  const opened = await inputs.open(parsed, {});
  await inputs.close();
  return opened.input;
}

test.each([
  `http://user:${secret}@10.0.0.1/live.flv?token=${secret}`,
  `rtmp://10.0.0.1:1936/live/a?key=${secret}`,
  `srt://10.0.0.1:9000?passphrase=${secret}&streamid=a`,
])('what is secret in a URL is on no command line', async (source) => {
  const input = await inputOf(source);
  expect(ffmpegArguments(input, firstPlan).join(' ')).not.toContain(secret);
});

test('ffmpeg may open nothing but what its source needs', async () => {
  const whitelist = async (source: string) => {
    const args = ffmpegArguments(await inputOf(source), firstPlan);
    return args[args.indexOf('-protocol_whitelist') + 1];
  };
  expect(await whitelist('file:/a.mp4')).toBe('file,pipe');
  expect(await whitelist('http://10.0.0.1/')).toBe('pipe,http,tcp,hls,crypto');
  expect(await whitelist('https://10.0.0.1/')).toBe('pipe,http,tcp,hls,crypto');
  expect(await whitelist('rtmp://10.0.0.1/a/b')).toBe('pipe,rtmp,tcp');
  expect(await whitelist('srt://10.0.0.1:1')).toBe('pipe,srt,udp');
});

test('an RTMP server is dialled at the pinned address and called by its name', async () => {
  const input = await inputOf('rtmp://localhost:1936/live/a?key=1');
  expect(input).toMatchObject({ script: expect.stringContaining("file 'rtmp://127.0.0.1:1936/live/a?key=1'") });
  expect(input).toMatchObject({ script: expect.stringContaining("option rtmp_tcurl 'rtmp://localhost:1936/live'") });
});

test.each([
  'srt://10.0.0.1:9000?mode=listener',
  'srt://10.0.0.1:9000?localaddr=1.2.3.4',
  'srt://10.0.0.1',
  "rtmp://10.0.0.1/live/a'b",
  'rtmp://10.0.0.1/live/a\\b',
  "srt://10.0.0.1:9000?streamid='",
])('%s is refused without being repeated', (source) => {
  const attempt = () => parseOtherSource(source);
  expect(attempt).toThrow(StreamFailure);
  expect(attempt).not.toThrow(source.slice(-6));
});

test('whatever the source, it is one quoted word of the script or nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (tail) => {
      let parsed: OtherSource | undefined;
      try {
        parsed = parseOtherSource(`rtmp://10.0.0.1/live/${tail}`);
      } catch (error) {
        expect(error).toBeInstanceOf(StreamFailure);
        return;
      }
      if (parsed?.kind !== 'rtmp') return;
      const inputs = new FfmpegInputs(new AddressPolicy(['10.0.0.0/8']));
      const { input } = await inputs.open(parsed, {});
      if (input.kind !== 'url') throw new Error('not a script');
      expect(input.script.split('\n')).toHaveLength(7);
      for (const line of input.script.split('\n').slice(1, -1))
        expect(line).toMatch(/^(?:file|option \w+) '[\x21-\x26\x28-\x7e]*'$/);
    }),
    { numRuns: 300 },
  );
});

test('what FLV cannot carry is asked for in another way, once', () => {
  const hevc = '[flv @ 0x1] Video codec hevc not compatible with flv';
  const opus = '[flv @ 0x1] Audio codec opus not compatible with flv';
  expect(nextPlan(firstPlan, hevc)).toEqual({ container: 'mpegts', sound: false });
  expect(nextPlan(firstPlan, opus)).toEqual({ container: 'flv', sound: false });
  expect(nextPlan({ container: 'flv', sound: false }, opus)).toBeUndefined();
  expect(nextPlan({ container: 'mpegts', sound: false }, hevc)).toBeUndefined();
});

test.each([
  ['file:/x: No such file or directory', 'not_found'],
  ['Server returned 404 Not Found', 'not_found'],
  ['Connection to tcp://10.0.0.1:1935 failed: Connection refused', 'refused'],
  ['[flv @ 0x5] Video codec mjpeg not compatible with flv', 'codec'],
  ['Stream map 0:v:0 matches no streams.', 'codec'],
  ["Protocol 'file' not on whitelist", 'protocol'],
  ['Connection timed out', 'timeout'],
  ['something else', 'protocol'],
])('%s: %s, in our words', (complaint, failure) => {
  const found = complaintFailure(complaint, false);
  expect(found.failure).toBe(failure);
  expect(found.message).not.toContain('10.0.0.1');
});

test('whatever comes in place of a transport stream: pictures or a StreamFailure, and a bounded memory', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 187 }), { maxLength: 60 }), (bodies) => {
      const reader = new MpegtsReader(() => undefined);
      const packets = bodies.map((body, index) => {
        const packet = Buffer.alloc(188, 0xff);
        packet.set(body, 1);
        packet.writeUInt8(index === 30 ? 0x46 : 0x47, 0);
        return packet;
      });
      try {
        for (const packet of packets) reader.push(packet);
      } catch (error) {
        expect(error).toBeInstanceOf(StreamFailure);
      }
      expect(reader.heldBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
    }),
    { numRuns: 500 },
  );
});
