import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toWgs84 } from '../../../src/gis/datum.ts';
import { parseBatch } from '../../../src/ingest/jt808/position-batch.ts';
import { parseReport } from '../../../src/ingest/jt808/position-report.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/* Alarm, status (located, position valid), 27.305204 N, 105.293665 E, 1,204 m, 72.5 km/h, 93°, 2026-11-21 10:47:05 +08:00. */
const basic = '00000000 00000003 01a0a4f4 0646a761 04b4 02d5 005d 261121104705';
const report = (text: string) => parseReport(hex(text), 'wgs84');

test('a position report: millionths of a degree, tenths of km/h, the time of Beijing', () => {
  const { fix, ...rest } = report(basic);
  expect(rest).toEqual({ emergency: false, isWhole: true, claimed: new Date('2026-11-21T02:47:05Z'), additions: {} });
  expect(fix).toMatchObject({ ok: true, motion: { heading: 93 } });
  const { point, speed } = fix.ok ? fix.motion : { point: { lat: 0, lon: 0 }, speed: 0 };
  expect(point.lat).toBeCloseTo(27.305204, 9);
  expect(point.lon).toBeCloseTo(105.293665, 9);
  expect(speed).toBeCloseTo(72.5 / 3.6, 9);
});

test('status bits 2 and 3 are south and west', () => {
  const { fix } = report(basic.replace('00000003', '0000000f'));
  expect(fix).toMatchObject({ ok: true, motion: { point: { lat: expect.closeTo(-27.305204, 9) } } });
  expect(fix).toMatchObject({ motion: { point: { lon: expect.closeTo(-105.293665, 9) } } });
});

test('a terminal that speaks GCJ-02 is put right', () => {
  const { fix } = parseReport(hex(basic), 'gcj02');
  const { lat, lon } = toWgs84({ lat: 27.305204, lon: 105.293665, datum: 'gcj02' });
  expect(fix).toMatchObject({ motion: { point: { lat: expect.closeTo(lat, 7), lon: expect.closeTo(lon, 7) } } });
});

test('mileage and signal are read, and what is unknown between them is passed over by its length', () => {
  const items = '25 04 00000000 01 04 00003039 eb 03 aabbcc 30 01 17 31 01 0c';
  expect(report(`${basic}${items}`).additions).toEqual({ mileage: 1_234_500, signal: 23 });
});

test('items that are cut short or of another length say nothing, and the position stands', () => {
  for (const items of ['01', '01 04 0000', '01 02 0001', '30 02 1717', 'ff ff 00'])
    expect(report(`${basic}${items}`)).toMatchObject({ fix: { ok: true }, additions: {} });
});

test.each([
  ['no fix', basic.replace('00000003', '00000001'), 'no-fix'],
  ['0/0', basic.replace('01a0a4f4 0646a761', '00000000 00000000'), 'null-island'],
  ['latitude 91', basic.replace('01a0a4f4', '056c8cc0'), 'wrong-payload'],
  ['longitude 181', basic.replace('0646a761', '0ac9d740'), 'wrong-payload'],
  ['a report cut short', basic.slice(0, -3), 'wrong-payload'],
])('%s is no position, and the emergency bit is read all the same', (_, text, reason) => {
  expect(report(text)).toMatchObject({ emergency: false, fix: { ok: false, reason } });
  expect(report(text.replace('00000000', '00000001'))).toMatchObject({ emergency: true, fix: { ok: false, reason } });
});

test.each(['000000000000', '261321104705', '260230104705', '261121254705', '2611211047ff'])('%s is no time', (time) => {
  expect(report(basic.replace('261121104705', time)).claimed).toBeUndefined();
});

test('speed and heading beyond what there is are left out', () => {
  const { fix } = report(basic.replace('02d5 005d', 'ffff ffff'));
  expect(fix.ok && Object.keys(fix.motion)).toEqual(['point']);
});

test('a batch is its reports, each behind its length', () => {
  expect(parseBatch(hex('0002 01 0003 aabbcc 0001 dd'))).toEqual({ reports: [hex('aabbcc'), hex('dd')], whole: true });
  expect(parseBatch(hex('0000 00'))).toEqual({ reports: [], whole: true });
});

test.each([
  ['cut short', '0002 00 0001 aa 0003 bb'],
  ['with fewer than it says', '0003 00 0001 aa'],
  ['with more than it says', '0000 00 0001 aa'],
  ['with a byte too many', '0001 00 0001 aa ff'],
])('a batch %s is read as far as it goes', (_, text) => {
  expect(parseBatch(hex(text))).toEqual({ reports: [hex('aa')], whole: false });
});

test('any bytes are a report and a batch, without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const body = Buffer.from(bytes);
      const { fix } = parseReport(body, 'bd09');
      const { lat, lon } = fix.ok ? fix.motion.point : { lat: 0, lon: 0 };
      expect(Number.isFinite(lat) && Number.isFinite(lon)).toBe(true);
      expect(parseBatch(body).reports.length).toBeLessThanOrEqual(40);
    }),
  );
});
