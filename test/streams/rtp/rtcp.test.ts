import { expect, test } from 'vitest';
import { senderReport } from '../../../demo/simulators/rtsp/rtcp-report.ts';
import { parseRtcp, receiverReport } from '../../../src/streams/rtp/rtcp.ts';

const at = Date.parse('2026-05-01T12:00:00.250Z');
const compound = (wallMs: number) =>
  senderReport({ ssrc: 77, timestamp: 0xfffffff0, at: wallMs, packets: 1, octets: 2 });

test('a sender report with its source description tells ticks and wall time', () => {
  const { report, bye } = parseRtcp(compound(at));
  expect(report).toMatchObject({ source: 77, timestamp: 0xfffffff0 });
  expect(report?.wallMs).toBeCloseTo(at, 1);
  expect(bye).toBeUndefined();
});

test('the NTP seconds that turn over in 2036 are read as what they mean', () => {
  const later = Date.parse('2040-01-01T00:00:00Z');
  const turned = Buffer.from(compound(at));
  turned.writeUInt32BE((later / 1_000 + 2_208_988_800) % 2 ** 32, 8);
  turned.writeUInt32BE(0, 12);
  expect(parseRtcp(turned).report?.wallMs).toBe(later);
});

test('a goodbye names its sources, after a report or alone', () => {
  const bye = Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 77]);
  expect(parseRtcp(Buffer.concat([compound(at), bye]))).toMatchObject({ report: { source: 77 }, bye: [77] });
  expect(parseRtcp(Buffer.from([0x80, 203, 0, 0]))).toEqual({ bye: [] });
  expect(parseRtcp(Buffer.from([0x9f, 203, 0, 1, 0, 0, 0, 5]))).toEqual({ bye: [5] });
});

test('what is cut short or no RTCP at all says nothing', () => {
  const whole = compound(at);
  for (let length = 0; length < 28; length += 1) expect(parseRtcp(whole.subarray(0, length))).toEqual({});
  for (let seed = 0; seed < 2_000; seed += 1) {
    const noise = Buffer.from([
      0x80 | (seed & 0x3f),
      200 + (seed % 5),
      seed & 1,
      seed % 9,
      ...whole.subarray(4, seed % 40),
    ]);
    expect(() => parseRtcp(noise)).not.toThrow();
  }
});

test('a receiver report is a compound as RFC 3550 §6.4.2 draws it', () => {
  const block = {
    ...{
      source: 77,
      fractionLost: 64,
      lost: -2,
      highestSequence: 0x1fffe,
      jitter: 9,
      lastReport: 0xabcd,
      delay: 65_536,
    },
  };
  const data = receiverReport(5, block);
  expect(data.subarray(0, 32).toString('hex')).toBe(
    ['81c90007', '00000005', '0000004d', '40fffffe', '0001fffe', '00000009', '0000abcd', '00010000'].join(''),
  );
  expect(data.subarray(32, 40).toString('hex')).toBe('81ca000400000005');
  expect(data.length % 4).toBe(0);
  expect(receiverReport(5, undefined).subarray(0, 8).toString('hex')).toBe('80c9000100000005');
});
