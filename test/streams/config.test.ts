import { expect, test } from 'vitest';
import { checkValue } from '../../src/shared/check-value.ts';
import { CamerasFile } from '../../src/streams/config.ts';
import { cameraIssues, resolveCameras } from '../../src/streams/resolve-cameras.ts';

const source = 'rtsp://10.0.0.1/1';

test('defaults fill what a camera leaves out; positions become WGS-84', () => {
  const checked = checkValue(CamerasFile, {
    defaults: { transport: 'udp', username: 'operator', password: 'p', tags: ['main-line'] },
    cameras: [
      { id: 'a', source, transport: 'tcp', tags: ['own'], position: { lat: 27.3, lon: 105.29, datum: 'gcj02' } },
      {
        id: 'b',
        source: 'onvif://10.0.0.2:8000/',
        detect: {
          zones: [
            {
              id: 'z',
              polygon: [
                [0, 0],
                [1, 0],
                [1, 1],
              ],
            },
          ],
        },
      },
    ],
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  const [a, b] = resolveCameras(checked.value);
  expect(a).toMatchObject({ name: 'a', username: 'operator', tags: ['own'] });
  expect(a?.position?.lon).not.toBe(105.29);
  expect(a?.position).not.toHaveProperty('datum');
  expect([a?.transport, b?.transport]).toEqual(['tcp', 'udp']);
  expect(b?.tags).toEqual(['main-line']);
  expect(b?.detect).toMatchObject({
    every: 0.5,
    objects: ['person'],
    masks: [],
    zones: [{ id: 'z', dwell: 0, road: true }],
  });
});

test('everything wrong is named at once, by path and expectation, never by value', () => {
  const checked = checkValue(CamerasFile, {
    cameras: [
      { id: 'A b', source: 'gopher://secret@host/', colour: 'red' },
      { id: 'b', source: 'concat:/etc/passwd', position: { lat: 91, lon: 181 } },
      {
        id: 'c',
        source,
        road: { id: 'G76', stake: '1432' },
        detect: {
          zones: [
            {
              id: 'z',
              polygon: [
                [0, 0],
                [1, 2],
              ],
            },
          ],
        },
      },
      { source },
      { id: 'e', source: 'rtsps://10.0.0.1/1', transport: 'quic', tls: { fingerprint: 'abc' } },
    ],
  });
  if (checked.ok) throw new Error('accepted');
  const issues = checked.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  for (const start of [
    'cameras.0.id: expected an id of small letters',
    'cameras.0.colour: unknown key',
    'cameras.0.source: expected an rtsp://, rtsps://, onvif://, http(s)://, rtmp:// or srt:// URL, or file:PATH',
    'cameras.1.source: expected an rtsp://',
    'cameras.1.position.lat: expected a number from -90 to 90',
    'cameras.1.position.lon: expected a number from -180 to 180',
    'cameras.2.road.stake: expected a stake mark',
    'cameras.3.id: missing; expected an id',
    'cameras.4.transport: expected how RTSP packets come: tcp (the default) or udp',
    'cameras.4.tls.fingerprint: expected the SHA-256 of its certificate',
  ]) {
    expect(
      issues.some((issue) => issue.startsWith(start)),
      `${start}\n${issues.join('\n')}`,
    ).toBe(true);
  }
  expect(issues.some((issue) => issue.startsWith('cameras.2.detect.zones.0.polygon'))).toBe(true);
  expect(issues.join()).not.toContain('secret');
});

test('an rtsps:// camera is pinned by the fingerprint of its certificate, written with colons or without', () => {
  for (const fingerprint of ['ab'.repeat(32), Array(32).fill('AB').join(':')]) {
    const camera = { id: 'a', source: 'rtsps://10.0.0.1/1', tls: { fingerprint } };
    const checked = checkValue(CamerasFile, { cameras: [camera] });
    expect(checked.ok && resolveCameras(checked.value)[0]?.tls).toEqual({ fingerprint });
  }
});

test('an id that stands twice is pointed at where it stands again', () => {
  const cameras = ['a', 'b', 'a'].map((id) => ({ id, source }));
  expect(cameraIssues({ cameras })).toEqual([
    { path: ['cameras', 2, 'id'], at: 'value', message: expect.stringContaining('cameras[0]') },
  ]);
});

test('footage is found from the config directory on, for both streams', () => {
  const cameras = [{ id: 'a', source: 'file:footage/a.mp4', substream: 'file:/b/a.mp4' }];
  const [camera] = resolveCameras({ cameras }, '/etc/tianliang');
  expect([camera?.source, camera?.substream]).toEqual(['file:/etc/tianliang/footage/a.mp4', 'file:/b/a.mp4']);
});

test('a camera that pushes needs a key of 16 letters, and only such a camera has one', () => {
  const publishKey = 'a-key-of-sixteen';
  const cameras = [
    { id: 'a', source: 'rtmp', publishKey },
    { id: 'b', source: 'rtmp' },
    { id: 'c', source, publishKey },
  ];
  expect(cameraIssues({ cameras }).map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
    'cameras.1.publishKey: missing; a camera with source: rtmp needs a secret of 16 letters or more to push with, better ${NAME} than in the file',
    'cameras.2.publishKey: expected only with source: rtmp',
  ]);
  const short = checkValue(CamerasFile, { cameras: [{ id: 'a', source: 'rtmp', publishKey: 'short' }] });
  expect(short.ok ? [] : short.issues.map(({ path }) => path.join('.'))).toEqual(['cameras.0.publishKey']);
});

test.each([
  ['http://10.0.0.1/live.m3u8', true],
  ['https://nvr.example:8443/a.flv?x=1', true],
  ['rtmp://10.0.0.1/live/a', true],
  ['srt://10.0.0.1:9000?streamid=a', true],
  ['file:footage/a b.mp4', true],
  ['exec:/bin/sh', false],
  ['concat:a|b', false],
  ['lavfi:testsrc', false],
  ['-i', false],
  ['pipe:0', false],
  ['udp://239.0.0.1:1234', false],
  ['http://', false],
  ['rtmpt://10.0.0.1/a', false],
])('%s as a source: %s', (wanted, accepted) => {
  expect(checkValue(CamerasFile, { cameras: [{ id: 'a', source: wanted }] }).ok).toBe(accepted);
});

test('no camera has the name of a route', () => {
  const cameras = [{ id: 'plan', source: 'rtsp://10.0.0.1/' }];
  expect(cameraIssues({ cameras }).map(({ path }) => path.join('.'))).toEqual(['cameras.0.id']);
});
