import { expect, test } from 'vitest';
import { flvQuery, type SourceQuestion, sourceFor, verdictOn } from '../../web/src/player/source.ts';

const asked = (over: Partial<SourceQuestion> = {}) =>
  sourceFor({
    codec: 'h264',
    substream: false,
    size: 'tile',
    sound: false,
    browser: { h265: false, whep: true },
    failed: new Set(),
    ...over,
  });
const flv = { kind: 'flv', sub: false, asH264: false, sound: false } as const;

test('a tile plays FLV, the small picture when there is one; what is looked at plays WebRTC', () => {
  expect(asked()).toEqual(flv);
  expect(asked({ substream: true })).toEqual({ ...flv, sub: true });
  expect(asked({ size: 'focus', substream: true })).toEqual({ kind: 'whep' });
});

test('with sound, with H.265, before the codec is known or after a failure the one looked at plays FLV', () => {
  const focus = { size: 'focus' } as const;
  expect(asked({ ...focus, sound: true })).toEqual({ ...flv, sound: true });
  expect(asked({ ...focus, codec: 'h265' })).toEqual({ ...flv, asH264: true });
  expect(asked({ ...focus, codec: undefined })).toEqual(flv);
  expect(asked({ ...focus, failed: new Set(['whep'] as const) })).toEqual(flv);
  expect(asked({ ...focus, browser: { h265: false, whep: false } })).toEqual(flv);
});

test('H.265 goes as it is to a browser that plays it, transcoded to another, and as stills when no transcoder is free', () => {
  const h265 = { codec: 'h265' } as const;
  expect(asked({ ...h265, browser: { h265: true, whep: true } })).toEqual(flv);
  expect(asked(h265)).toEqual({ ...flv, asH264: true });
  expect(asked({ codec: undefined, failed: new Set(['h265'] as const) })).toEqual({ ...flv, asH264: true });
  expect(asked({ ...h265, failed: new Set(['h264-busy'] as const) })).toEqual({ kind: 'stills' });
  // Another camera's H.264 does not care.
  expect(asked({ failed: new Set(['h264-busy'] as const) })).toEqual(flv);
});

test('the query says only what is not usual, and leaves out sound that nobody hears', () => {
  expect(flvQuery(flv)).toEqual({ audio: '0' });
  expect(flvQuery({ kind: 'flv', sub: true, asH264: true, sound: true })).toEqual({ profile: 'sub', codec: 'h264' });
});

test('what an end says of its way', () => {
  expect(verdictOn({ kind: 'whep' }, 'timeout', false)).toBe('unconnected');
  expect(verdictOn({ kind: 'whep' }, 'whep 406', false)).toBe('whep');
  expect(verdictOn({ kind: 'whep' }, 'webrtc', true)).toBe(undefined);
  expect(verdictOn(flv, 'MediaError MediaMSEError: codec', false)).toBe('h265');
  expect(verdictOn(flv, 'NetworkError', false)).toBe(undefined);
  expect(verdictOn({ ...flv, asH264: true }, 'NetworkError', false)).toBe('ask');
  expect(verdictOn({ ...flv, asH264: true }, 'NetworkError', true)).toBe(undefined);
});
