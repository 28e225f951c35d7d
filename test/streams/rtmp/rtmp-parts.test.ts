import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type IntakeEvent, type IntakeState, nextIntakeState } from '../../../src/streams/rtmp/intake-state.ts';
import { packetKind } from '../../../src/streams/rtmp/packet-kind.ts';
import { admit, digestOf } from '../../../src/streams/rtmp/publishers.ts';
import {
  encodeFrame,
  type RelayFrame,
  RelayFrameError,
  RelayFrameReader,
} from '../../../src/streams/rtmp/relay-frame.ts';

const key = 'a-key-of-sixteen';
const publishers = new Map([['drone-1', digestOf(key)]]);
const nobody = () => undefined;
const sending = () => ({ silentMs: 10 });
const silent = () => ({ silentMs: 6_000 });

test.each([
  ['the right key', { app: 'live', name: 'drone-1', key }, nobody, { camera: 'drone-1' }],
  ['a wrong key', { app: 'live', name: 'drone-1', key: 'a-key-of-sixteex' }, nobody, { refused: 'key' }],
  ['no key', { app: 'live', name: 'drone-1', key: undefined }, nobody, { refused: 'key' }],
  ['two keys', { app: 'live', name: 'drone-1', key: [key, key] }, nobody, { refused: 'key' }],
  ['an unknown camera', { app: 'live', name: 'drone-2', key }, nobody, { refused: 'key' }],
  ['an unknown camera and no key', { app: 'live', name: 'drone-2', key: '' }, nobody, { refused: 'key' }],
  ['a name of the prototype', { app: 'live', name: '__proto__', key }, nobody, { refused: 'key' }],
  ['another application', { app: 'app', name: 'drone-1', key }, nobody, { refused: 'path' }],
  ['no name', { app: 'live', name: undefined, key }, nobody, { refused: 'path' }],
  ['one that sends already', { app: 'live', name: 'drone-1', key }, sending, { refused: 'busy' }],
  ['one that fell silent', { app: 'live', name: 'drone-1', key }, silent, { camera: 'drone-1' }],
] as const)('a publisher with %s', (...[, asked, running, verdict]) => {
  expect(admit(publishers, asked, running)).toEqual(verdict);
});

test('frames come back as they were sent, wherever the bytes are cut; what is no frame is refused', () => {
  const frames: RelayFrame[] = [
    { kind: 'alive', camera: '', payload: Buffer.alloc(0) },
    { kind: 'tag', camera: 'drone-1', payload: Buffer.from([9, 0, 0, 0, 1, 2, 3]) },
    { kind: 'ended', camera: 'drone-1', payload: Buffer.alloc(0) },
  ];
  const bytes = Buffer.concat(frames.map(({ kind, camera, payload }) => encodeFrame(kind, camera, [payload])));
  fc.assert(
    fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 20 }), (cuts) => {
      const read: RelayFrame[] = [];
      const reader = new RelayFrameReader((frame) => read.push(frame));
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      places.slice(1).forEach((end, index) => {
        reader.push(bytes.subarray(places[index], end));
      });
      expect(read).toEqual(frames);
    }),
  );
  const push = (hex: string) => () => new RelayFrameReader(() => undefined).push(Buffer.from(hex, 'hex'));
  expect(push('ffffffff')).toThrow(RelayFrameError);
  expect(push('00000001')).toThrow(RelayFrameError);
  expect(push('000000020900')).toThrow(RelayFrameError);
  expect(push('000000020005')).toThrow(RelayFrameError);
});

const packet = (codec_type: number, hex: string) => {
  const data = Buffer.from(hex, 'hex');
  return { codec_type, data, size: data.length, dts: 0 };
};

test.each([
  [9, '1700000000', 'video header'],
  [9, '1701000000', 'key'],
  [9, '2701000000', 'picture'],
  [9, '1c00000000', 'video header'],
  [9, '1c01000000', 'key'],
  [9, '9068766331', 'video header'],
  [9, '9368766331', 'key'],
  [9, 'a368766331', 'picture'],
  [8, 'af00', 'sound header'],
  [8, 'af01', 'sound'],
  [8, '7200', 'sound'],
  [18, '0200', 'data'],
  [9, '', 'data'],
] as const)('a message of type %i that begins with %s is %s', (type, hex, kind) => {
  expect(packetKind(packet(type, hex))).toBe(kind);
});

const since = new Date(0);
const at = new Date(1_000);
const retryAt = new Date(2_000);
const states = {
  idle: { phase: 'idle', since },
  starting: { phase: 'starting', since },
  listening: { phase: 'listening', since, port: 1 },
  waiting: { phase: 'waiting', since, retryAt, message: 'm' },
  tripped: { phase: 'tripped', since, retryAt, message: 'm' },
  closed: { phase: 'closed', since },
} as const satisfies Record<string, IntakeState>;
const events = {
  spawned: { type: 'spawned', at },
  listening: { type: 'listening', at, port: 2 },
  ended: { type: 'ended', at, retryAt, message: 'm', tripped: false },
  endedAgain: { type: 'ended', at, retryAt, message: 'm', tripped: true },
  rest: { type: 'rest', at },
  close: { type: 'close', at },
} as const satisfies Record<string, IntakeEvent>;
const every = {
  spawned: 'starting',
  listening: '=',
  ended: 'waiting',
  endedAgain: 'tripped',
  rest: 'idle',
  close: 'closed',
};
const table: Record<keyof typeof states, Record<keyof typeof events, string>> = {
  idle: { ...every, rest: '=' },
  starting: { ...every, listening: 'listening' },
  listening: every,
  waiting: every,
  tripped: every,
  closed: { spawned: '=', listening: '=', ended: '=', endedAgain: '=', rest: '=', close: '=' },
};

test.each(
  Object.entries(table).flatMap(([state, row]) => Object.entries(row).map(([on, to]) => [state, on, to] as const)),
)('the intake, %s, on %s: %s', (...[from, on, expected]) => {
  const state: IntakeState = states[from as keyof typeof states];
  const next = nextIntakeState(state, events[on as keyof typeof events]);
  if (expected === '=') expect(next).toBe(state);
  else expect(next).toMatchObject({ phase: expected, since: at });
});
