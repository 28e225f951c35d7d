import fc from 'fast-check';
import { expect, test } from 'vitest';
import { silentLog } from '../../../src/shared/log.ts';
import { AdtsError, AdtsReader } from '../../../src/streams/audio/adts-reader.ts';
import { CameraSound } from '../../../src/streams/audio/camera-sound.ts';
import { SampleMarks } from '../../../src/streams/audio/sample-marks.ts';
import { SoundShare } from '../../../src/streams/audio/sound-share.ts';
import type { SoundOffer } from '../../../src/streams/rtp/audio-frame.ts';

/** An ADTS frame of AAC-LC, 16 kHz, mono; with room for a checksum when asked. */
function adts(body: Buffer, checksum = false): Buffer {
  const size = body.length + (checksum ? 9 : 7);
  const head = [
    0xff,
    checksum ? 0xf0 : 0xf1,
    0x60,
    0x40 | (size >> 11),
    (size >> 3) & 0xff,
    ((size & 7) << 5) | 0x1f,
    0xfc,
  ];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(checksum ? 2 : 0), body]);
}

test('ADTS frames are found wherever the pieces end, and no more than one is held', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(bodies, cuts, fc.boolean(), (frames, sizes, checksum) => {
      const sent = Buffer.concat(frames.map((frame) => adts(Buffer.from(frame), checksum)));
      const taken: Buffer[] = [];
      const reader = new AdtsReader((frame) => taken.push(Buffer.from(frame)));
      for (let at = 0, turn = 0; at < sent.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        reader.push(sent.subarray(at, at + size));
        at += size;
        expect(reader.heldBytes).toBeLessThan(310);
      }
      expect(taken).toEqual(frames.map((frame) => Buffer.from(frame)));
    }),
  );
});

test.each([
  ['no frame at all', Buffer.from('not aac at all')],
  ['a frame shorter than its head', Buffer.from('fff16040007ffc', 'hex')],
])('%s is refused', (_, bytes) => {
  expect(() => new AdtsReader(() => undefined).push(bytes)).toThrow(AdtsError);
});

test('what comes out of a coder is told when it went in', () => {
  const marks = new SampleMarks(8_000);
  marks.note({ sample: 0, timestamp: 0xffff_ff00, arrivedMs: 1_000, capturedAt: new Date(50_000) });
  marks.note({ sample: 160, timestamp: 0xffff_ffa0, arrivedMs: 1_020, capturedAt: new Date(50_020) });
  marks.note({ sample: 320, timestamp: 5_000, arrivedMs: 3_000, capturedAt: undefined });
  expect(marks.at(-512)).toBeUndefined();
  expect(marks.at(80)).toEqual({ timestamp: 0xffff_ff50, arrivedMs: 1_010, capturedAt: new Date(50_010) });
  expect(marks.at(300)).toEqual({ timestamp: 44, arrivedMs: 1_037.5, capturedAt: new Date(50_038) });
  expect(marks.at(400)).toEqual({ timestamp: 5_080, arrivedMs: 3_010, capturedAt: undefined });
});

function listened() {
  const announced: ({ config: Buffer } | undefined)[] = [];
  const published: string[] = [];
  const output = {
    announceSound: (sound: { config: Buffer } | undefined) => announced.push(sound),
    publishSound: ({ data }: { data: Buffer }) => published.push(data.toString()),
  };
  return {
    announced,
    published,
    output,
    sound: new CameraSound({ output, ffmpegPath: '/no/such/ffmpeg', log: silentLog }),
  };
}

const aac = { codec: 'aac', clockRate: 16_000, channels: 1, config: Buffer.from('1408', 'hex') } as const;
const telephone = { codec: 'pcma', clockRate: 8_000, channels: 1 } as const;

test.each<[string, SoundOffer | undefined, object | undefined]>([
  ['none', undefined, undefined],
  ['AAC', aac, { codec: 'aac', played: true }],
  ['G.711', telephone, { codec: 'pcma', played: true }],
  ['another one', { codec: 'other', name: 'G726-32' }, { codec: 'G726-32', played: false }],
  ['AAC without its configuration', { codec: 'aac', clockRate: 16_000, channels: 1 }, { codec: 'aac', played: false }],
])('what is said of a camera’s sound: %s', (_, offer, facts) => {
  const { sound, announced } = listened();
  sound.offer(offer);
  if (facts) expect(sound.facts).toMatchObject(facts);
  else expect(sound.facts).toBeUndefined();
  expect(announced.at(-1) !== undefined).toBe(facts !== undefined && 'played' in facts && facts.played);
  expect(sound.facts?.played === false).toBe(sound.facts?.message !== undefined);
});

test('who comes later to shared sound is told what was announced, and who left is told nothing', () => {
  const share = new SoundShare();
  const [early, late] = [listened(), listened()];
  const leave = share.add(early.output);
  share.announceSound({ config: aac.config, channels: 1 });
  share.add(late.output);
  share.publishSound({ ...aac, data: Buffer.from('first'), timestamp: 0 }, 0);
  leave();
  share.publishSound({ ...aac, data: Buffer.from('second'), timestamp: 0 }, 0);
  expect([early.announced.length, early.announced[1]?.config]).toEqual([2, aac.config]);
  expect(late.announced.map((sound) => sound?.config)).toEqual([aac.config]);
  expect([early.published, late.published]).toEqual([['first'], ['first', 'second']]);
});

test('sound that was not offered is learned from its first piece', () => {
  const { sound, announced, published } = listened();
  sound.take({ ...aac, data: Buffer.from('first'), timestamp: 0 });
  expect([announced.length, announced[0]?.config, published]).toEqual([1, aac.config, ['first']]);
  expect(sound.facts).toEqual({ codec: 'aac', played: true });
});

test('a transcoder that cannot run is heard of by nobody and leaves nothing behind', async () => {
  const { sound, published } = listened();
  sound.offer(telephone);
  sound.listened(true);
  sound.take({ ...telephone, data: Buffer.alloc(160, 0xd5), timestamp: 0 });
  await sound.close();
  await sound.close();
  expect(published).toEqual([]);
});
