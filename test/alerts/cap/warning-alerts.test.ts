import { expect, test } from 'vitest';
import type { PlacedNotice, Warning } from '../../../src/alerts/cap/warning.ts';
import { titleOf, wantedAlerts } from '../../../src/alerts/cap/warning-alerts.ts';
import { warningFeatures } from '../../../src/alerts/cap/warning-features.ts';
import { westAndEast } from './weather-areas.ts';

const point = { lat: 27.3, lon: 105.2 };
const notice: PlacedNotice = {
  event: '大雾',
  headline: '毕节市气象台发布大雾橙色预警信号',
  sender: '毕节市气象台',
  severity: 'Severe',
  urgency: 'Expected',
  certainty: 'Likely',
  from: '2026-11-26T01:00:00.000Z',
  until: '2026-11-26T12:00:00.000Z',
  zoneMinutes: 480,
  outlines: [],
  codes: [],
  places: [{ area: 'west', point }],
};
const warning = (...notices: PlacedNotice[]): Warning => ({
  id: 'bijie@weather.example,a1',
  newest: '2026-11-26T00:00:00.000Z 0',
  messages: ['bijie@weather.example,a1'],
  notices,
  until: '2026-11-27T00:00:00.000Z',
});
const time = (text: string) => new Date(`2026-11-26T${text}Z`);
const noon = time('11:59:59');

test('the alert says what, where, how bad, since when, until when and who says so', () => {
  expect(wantedAlerts(warning(notice), noon).get('west')).toEqual({
    key: 'warning:bijie@weather.example,a1:west',
    kind: 'weather-warning',
    severity: 'major',
    declared: true,
    at: noon,
    position: point,
    area: 'west',
    title: '大雾橙色预警',
    reasons: [
      { text: '大雾：毕节市气象台发布大雾橙色预警信号', source: '毕节市气象台' },
      { text: '等级 严重，紧迫 即将，把握 很可能', source: '毕节市气象台' },
      { text: '有效 11-26 09:00 至 11-26 20:00', source: '毕节市气象台' },
    ],
  });
});

test.each([
  ['00:59:59', 0],
  ['01:00:00', 1],
  ['11:59:59', 1],
  ['12:00:00', 0],
] as const)('at %s there are %i alerts of a warning from 01:00 to 12:00', (at, count) => {
  expect(wantedAlerts(warning(notice), time(at)).size).toBe(count);
});

test.each([
  ['Extreme', 'critical'],
  ['Severe', 'major'],
  ['Moderate', 'minor'],
  ['Minor', 'info'],
  ['Unknown', 'info'],
] as const)('%s is %s here', (severity, expected) => {
  expect(wantedAlerts(warning({ ...notice, severity }), noon).get('west')?.severity).toBe(expected);
});

test('of several notices for an area the worst in force counts', () => {
  const worse: PlacedNotice = { ...notice, severity: 'Extreme', event: '暴雪', until: '2026-11-26T03:00:00.000Z' };
  const lesser: PlacedNotice = { ...notice, severity: 'Minor' };
  const severities = ['02:00:00', '04:00:00'].map(
    (at) => wantedAlerts(warning(lesser, notice, worse), time(at)).get('west')?.severity,
  );
  expect(severities).toEqual(['critical', 'major']);
});

test.each([
  [{ event: '大雾', headline: '毕节市气象台发布大雾橙色预警信号' }, '大雾橙色预警'],
  [{ event: '大雾', headline: '七星关区气象台2026年11月26日8时发布【暴雪红色预警】请注意' }, '暴雪红色预警'],
  [{ event: 'Dense fog', headline: 'Dense fog until noon' }, 'Dense fog until noon'],
  [{ event: 'Dense fog', headline: `Dense fog ${'along the river '.repeat(9)}` }, 'Dense fog'],
  [{ event: '大雾' }, '大雾'],
  [{ event: 'x'.repeat(99) }, 'x'.repeat(24)],
])('the title of %o is short', (named, title) => {
  expect(titleOf(named)).toBe(title);
});

const square = [
  [105.2, 27.3],
  [105.3, 27.3],
  [105.3, 27.35],
  [105.2, 27.3],
] as const;
const view = { areas: westAndEast, now: noon, sees: () => true };

test('on the map a warning is its outlines, and by geocode alone the areas it means', () => {
  const [drawn] = warningFeatures([warning({ ...notice, outlines: [square] })], view).features;
  expect(drawn).toEqual({
    type: 'Feature',
    properties: {
      id: 'bijie@weather.example,a1',
      event: '大雾',
      severity: 'major',
      headline: '毕节市气象台发布大雾橙色预警信号',
      onset: '2026-11-26T01:00:00.000Z',
      expires: '2026-11-26T12:00:00.000Z',
    },
    geometry: { type: 'Polygon', coordinates: [square] },
  });
  const [two] = warningFeatures([warning({ ...notice, outlines: [square, square] })], view).features;
  expect(two?.geometry).toEqual({ type: 'MultiPolygon', coordinates: [[square], [square]] });
  const [coded] = warningFeatures([warning(notice)], view).features;
  expect(coded?.geometry).toMatchObject({ type: 'Polygon', coordinates: westAndEast.polygonsOf('west')[0]?.rings });
});

test('on the map there is nothing that is not in force, and nothing of areas the caller may not see', () => {
  const all = [warning({ ...notice, outlines: [square] })];
  expect(warningFeatures(all, { ...view, now: time('12:00:00') }).features).toEqual([]);
  expect(warningFeatures(all, { ...view, sees: (area) => area === 'east' }).features).toEqual([]);
});
