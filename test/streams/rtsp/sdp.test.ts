import { expect, test } from 'vitest';
import { controlUrl, parseRtspUrl } from '../../../src/streams/rtsp/rtsp-url.ts';
import { parseSdp } from '../../../src/streams/rtsp/sdp.ts';

const head = 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=x\r\nt=0 0\r\n';
const audio = 'm=audio 0 RTP/AVP 8\r\na=control:trackID=1\r\n';
const video = 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n';

test('the first video track we can play is found, with its control and parameter sets', () => {
  const mjpeg = 'm=video 0 RTP/AVP 26\r\na=control:trackID=9\r\n';
  const fmtp = 'a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z2QAH6w=,aO48sA==;profile-level-id=64001f\r\n';
  const { video: track, control } = parseSdp(
    `${head}a=control:*\r\n${audio}${mjpeg}${video}${fmtp}a=control:trackID=0\r\n`,
  );
  expect(control).toBe('*');
  expect(track).toMatchObject({ codec: 'h264', payloadType: 96, control: 'trackID=0' });
  expect(track.parameterSets.map((set) => set.toString('hex'))).toEqual(['6764001fac', '68ee3cb0']);
});

test('H.265 with line feeds only, and no parameter sets, is enough', () => {
  const text = 'v=0\nm=video 0 RTP/AVP 98\na=rtpmap:98 HEVC/90000\n';
  expect(parseSdp(text).video).toEqual({ codec: 'h265', payloadType: 98, parameterSets: [] });
});

test('sound we can play is described: AAC with its configuration, G.711 by number or by name', () => {
  const fmtp = 'a=fmtp:97 streamtype=5;profile-level-id=1; Mode=AAC-hbr;sizelength=13;config=1408\r\n';
  const aac = `m=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r\n${fmtp}a=control:trackID=1\r\n`;
  const { audio: heard, otherSound } = parseSdp(head + video + aac);
  expect(heard).toMatchObject({ codec: 'aac', payloadType: 97, clockRate: 16_000, channels: 1, control: 'trackID=1' });
  expect(heard?.config).toEqual(Buffer.from([0x14, 0x08]));
  expect(heard?.fmtp.get('sizelength')).toBe('13');
  expect(otherSound).toBeUndefined();
  expect(parseSdp(head + video + audio).audio).toMatchObject({ codec: 'pcma', clockRate: 8_000, channels: 1 });
  const named = 'm=audio 0 RTP/AVP 98\r\na=rtpmap:98 PCMU/16000/2\r\n';
  expect(parseSdp(head + video + named).audio).toMatchObject({ codec: 'pcmu', clockRate: 16_000, channels: 2 });
});

test.each([
  ['G726-32', 'm=audio 0 RTP/AVP 97\r\na=rtpmap:97 G726-32/8000\r\n'],
  ['MP4A-LATM', 'm=audio 0 RTP/AVP 97\r\na=rtpmap:97 MP4A-LATM/16000/1\r\n'],
  ['mpeg4-generic', 'm=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/8000\r\na=fmtp:97 mode=CELP-vbr\r\n'],
  ['G722', 'm=audio 0 RTP/AVP 9\r\n'],
])('sound we cannot play is named: %s', (name, lines) => {
  const description = parseSdp(head + video + lines);
  expect(description.otherSound).toBe(name);
  expect(description.audio).toBeUndefined();
  expect(parseSdp(head + video + lines + audio)).not.toHaveProperty('otherSound');
});

test.each([
  ['codec', `${head}${audio}`, 'no known encoding'],
  ['codec', `${head}m=video 0 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\n`, 'VP8'],
  ['protocol', '<html>', 'not a session description'],
  ['protocol', head + video.repeat(17), 'more than 16 tracks'],
])('a description without a stream we play is a failure of kind %s', (failure, text, sentence) => {
  expect(() => parseSdp(text)).toThrow(
    expect.objectContaining({ failure, message: expect.stringContaining(sentence) }),
  );
});

const target = parseRtspUrl('rtsp://10.0.0.9/stream?x=1');

test.each([
  [undefined, undefined, 'rtsp://10.0.0.9/stream?x=1'],
  [undefined, '*', 'rtsp://10.0.0.9/stream?x=1'],
  [undefined, 'trackID=0', 'rtsp://10.0.0.9/stream?x=1/trackID=0'],
  ['rtsp://10.0.0.9/stream/', 'trackID=0', 'rtsp://10.0.0.9/stream/trackID=0'],
  [undefined, 'rtsp://10.0.0.9/stream/track1', 'rtsp://10.0.0.9/stream/track1'],
  ['rtsp://192.168.1.64:554/a/', 'rtsp://169.254.169.254/b', 'rtsp://10.0.0.9/b'],
])('with the base %s, the control %s is set up at %s', (base, control, url) => {
  expect(controlUrl(target, base, control)).toBe(url);
});

test.each([
  ['rtsp://10.0.0.9', { host: '10.0.0.9', port: 554, tls: false, url: 'rtsp://10.0.0.9/' }],
  ['rtsp://[fe80::1]:8554/a', { host: 'fe80::1', port: 8554, tls: false, url: 'rtsp://[fe80::1]:8554/a' }],
  ['rtsps://cam/a', { host: 'cam', port: 322, tls: true, url: 'rtsps://cam/a' }],
  ['rtsps://cam:554/a', { host: 'cam', port: 554, tls: true, url: 'rtsps://cam:554/a' }],
  ['rtsp://us%40er:p%3Ass@cam.local/a?b#', undefined],
  [
    'rtsp://u:p:q@cam/1',
    { host: 'cam', port: 554, tls: false, url: 'rtsp://cam/1', credentials: { username: 'u', password: 'p:q' } },
  ],
])('%s is taken apart, credentials apart from the URL', (url, expected) => {
  if (expected) expect(parseRtspUrl(url)).toEqual(expected);
  else expect(() => parseRtspUrl(url)).toThrow('not an rtsp:// URL');
});
