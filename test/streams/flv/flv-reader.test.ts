import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FlvError } from '../../../src/streams/flv/flv-error.ts';
import { FlvMuxer } from '../../../src/streams/flv/flv-muxer.ts';
import { FlvReader } from '../../../src/streams/flv/flv-reader.ts';
import { flvHeader, flvTag } from '../../../src/streams/flv/flv-tag.ts';
import type { AudioFrame } from '../../../src/streams/rtp/audio-frame.ts';
import type { AccessUnit, Codec } from '../../../src/streams/rtp/nal.ts';
import { sets, slice } from '../rtp/packets.ts';

const parameters = {
  h264: { sps: sets.h264Sps, pps: [sets.h264Pps] },
  h265: { vps: sets.h265Vps, sps: sets.h265Sps, pps: [sets.h265Pps] },
};
const nalOf: Record<Codec, (mark: number, key: boolean) => Buffer> = {
  h264: (mark, key) => slice(mark, { key }),
  h265: (mark, key) => Buffer.from([key ? 0x26 : 0x02, 0x01, 0x80, mark, mark]),
};

function unit(codec: Codec, mark: number, key = mark === 0): AccessUnit {
  const nals = [nalOf[codec](mark, key)];
  return { codec, key, nals, parameters: parameters[codec], timestamp: mark * 3_600, afterLoss: false };
}

/** A stream as our own muxer writes it: that one is tested against ffprobe. */
function streamOf(units: readonly AccessUnit[]): Buffer {
  const muxer = new FlvMuxer();
  const pictures = units.map((each, index) => muxer.mux(each, index * 40));
  return Buffer.concat([
    muxer.preamble(),
    ...pictures.flatMap(({ key, config, data }) => (key ? [config, data] : [data])),
  ]);
}

function read(chunks: readonly Buffer[]) {
  const pictures: AccessUnit[] = [];
  const sounds: AudioFrame[] = [];
  const reader = new FlvReader({ picture: (each) => pictures.push(each), sound: (frame) => sounds.push(frame) });
  for (const chunk of chunks) reader.push(chunk);
  return { pictures, sounds, reader };
}

/** `bytes` in pieces that end wherever `cuts` say. */
function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const videoTag = (body: Buffer, timestampMs = 0) => flvTag(9, timestampMs, [body]);

test.each(['h264', 'h265'] as const)('%s comes back as it was muxed, however the bytes are cut', (codec) => {
  const units = [0, 1, 2, 3].map((mark) => unit(codec, mark));
  const bytes = streamOf(units);
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), (cuts) => {
      const { pictures } = read(cut(bytes, cuts));
      expect(pictures.map(({ nals, key }) => ({ nals, key }))).toEqual(units.map(({ nals, key }) => ({ nals, key })));
      const start = pictures[0]?.timestamp ?? 0;
      expect(pictures.map(({ timestamp }) => timestamp - start)).toEqual([0, 3_600, 7_200, 10_800]);
    }),
  );
});

test('the parameter sets are one object until they change', () => {
  const changed = { ...unit('h264', 3, true), parameters: { sps: sets.h264ReorderedSps, pps: [sets.h264Pps] } };
  const { pictures } = read([streamOf([unit('h264', 0), unit('h264', 1), unit('h264', 2, true), changed])]);
  const [first, second, third, fourth] = pictures.map((each) => each.parameters);
  expect(first).toEqual(parameters.h264);
  expect([second, third]).toEqual([first, first]);
  expect(second).toBe(first);
  expect(third).toBe(first);
  expect(fourth).toEqual(changed.parameters);
});

test('nothing is given out before a key picture, nor after a loss before the next', () => {
  const bytes = streamOf([0, 1, 2, 3].map((mark) => unit('h264', mark, mark === 0 || mark === 3)));
  const pictures: AccessUnit[] = [];
  const reader = new FlvReader({
    picture: (each) => {
      pictures.push(each);
      if (pictures.length === 1) reader.lose();
    },
  });
  reader.push(bytes);
  expect(pictures.map(({ key, afterLoss }) => [key, afterLoss])).toEqual([
    [true, false],
    [true, true],
  ]);
});

test('a picture shown later than decoded carries the time it is shown', () => {
  const header = Buffer.concat([Buffer.from([0x17, 0, 0, 0, 0]), avcRecord()]);
  const nal = nalOf.h264(1, true);
  const picture = Buffer.concat([Buffer.from([0x17, 1, 0, 0, 80, 0, 0, 0, nal.length]), nal]);
  const { pictures } = read([flvHeader, videoTag(header), videoTag(picture, 100)]);
  expect(pictures.map(({ timestamp }) => timestamp)).toEqual([180 * 90]);
});

test('H.265 under the number 12, as Chinese encoders send it, is H.265', () => {
  const enhanced = new FlvMuxer().mux(unit('h265', 0), 0).config;
  const record = enhanced.subarray(16, -4);
  const nal = nalOf.h265(0, true);
  const picture = Buffer.concat([Buffer.from([0x1c, 1, 0, 0, 0, 0, 0, 0, nal.length]), nal]);
  const { pictures } = read([
    flvHeader,
    videoTag(Buffer.concat([Buffer.from([0x1c, 0, 0, 0, 0]), record])),
    videoTag(picture),
  ]);
  expect(pictures.map(({ codec, parameters: found }) => [codec, found])).toEqual([['h265', parameters.h265]]);
});

test('how AAC is coded is told before the first frame, and again only when it changes', () => {
  const offers: (Buffer | undefined)[] = [];
  const reader = new FlvReader({ picture: () => undefined, soundOffer: ({ config }) => offers.push(config) });
  for (const config of ['1408', '1408', '1190', 'ff']) {
    reader.take({ type: 8, timestampMs: 0, body: Buffer.from(`af00${config}`, 'hex') });
  }
  expect(offers.map((config) => config?.toString('hex'))).toEqual(['1408', '1190']);
});

test('AAC comes with its rate and channels, G.711 at 8 kHz, other sound not at all', () => {
  const config = Buffer.from([0x12, 0x10]);
  const { sounds } = read([
    flvHeader,
    flvTag(8, 0, [Buffer.from([0xaf, 1, 9])]),
    flvTag(8, 0, [Buffer.from([0xaf, 0]), config]),
    flvTag(8, 1_000, [Buffer.from([0xaf, 1, 1, 2, 3])]),
    flvTag(8, 500, [Buffer.from([0x72, 5, 6])]),
    flvTag(8, 500, [Buffer.from([0x2f, 5, 6])]),
  ]);
  expect(sounds).toEqual([
    { codec: 'aac', data: Buffer.from([1, 2, 3]), timestamp: 44_100, clockRate: 44_100, channels: 2, config },
    { codec: 'pcma', data: Buffer.from([5, 6]), timestamp: 4_000, clockRate: 8_000, channels: 1 },
  ]);
});

test.each([
  ['av01', Buffer.from([0x90, ...Buffer.from('av01')]), 'codec', 'av01'],
  ['VP6', Buffer.from([0x14, 0, 0]), 'codec', 'VP6'],
  ['a length that leads out of the tag', Buffer.from([0x17, 1, 0, 0, 0, 0, 0, 1, 0, 0x65]), 'protocol', 'cut off'],
  [
    'half a sequence header',
    Buffer.from([0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1f, 0xff, 0xe1, 0, 90]),
    'protocol',
    'sequence header',
  ],
])('%s is refused in words', (...[, body, failure, words]) => {
  const { config } = new FlvMuxer().mux(unit('h264', 0), 0);
  const attempt = () => read([flvHeader, config, videoTag(body)]);
  expect(attempt).toThrow(expect.objectContaining({ failure, message: expect.stringContaining(words) }));
});

test('what is not FLV, or a tag of more than 8 MiB, is refused before it is kept', () => {
  expect(() => read([Buffer.from('HTTP/1.1 200 OK\r\n\r\n')])).toThrow(FlvError);
  const huge = flvTag(9, 0, []).subarray(0, 11);
  huge.writeUIntBE(0xffffff, 1, 3);
  expect(() => read([flvHeader, huge])).toThrow(FlvError);
});

test('whatever comes: pictures or an FlvError, and never more than one tag is held', () => {
  const good = streamOf([0, 1, 2, 3, 4, 5].map((mark) => unit(mark < 3 ? 'h264' : 'h265', mark, mark % 3 === 0)));
  const change = fc.record({ at: fc.nat({ max: good.length - 1 }), value: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (changes, cuts) => {
      const bytes = Buffer.from(good);
      for (const { at, value } of changes) bytes.writeUInt8(value, at);
      const reader = new FlvReader({ picture: (each) => expect(each.nals.length).toBeGreaterThan(0) });
      try {
        for (const chunk of cut(bytes, cuts)) {
          reader.push(chunk);
          expect(reader.heldBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(FlvError);
      }
    }),
    { numRuns: 2_000 },
  );
});

function avcRecord(): Buffer {
  return new FlvMuxer().mux(unit('h264', 0), 0).config.subarray(16, -4);
}
