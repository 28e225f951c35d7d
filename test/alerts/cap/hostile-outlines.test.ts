import { expect, test } from 'vitest';
import { readCap } from '../../../src/alerts/cap/cap-message.ts';
import { inTurns } from '../../../src/alerts/cap/in-turns.ts';
import { type PlacedMessage, placeMessage } from '../../../src/alerts/cap/warning.ts';
import { element, parseXml } from '../../../src/shared/xml.ts';
import { whole } from '../../helpers/whole.ts';
import { capXml } from './cap-documents.ts';
import { hostileXml, readHostile } from './hostile-outlines.ts';
import { windingAreas } from './weather-areas.ts';

test.each(['around', 'flat'] as const)('outlines %s a hundred winding areas keep nobody waiting', async (shape) => {
  const { turns, tookMs, alerts } = await readHostile(shape, 8);
  // On a busy machine all takes longer, in the same proportion.
  expect(turns).toBeGreaterThan(tookMs / 100);
  expect(alerts).toBe(0);
});

test('what is beyond reason says so, and an honest one among the same areas does not', () => {
  const areas = windingAreas();
  const placed = (xml: string): PlacedMessage => {
    const reading = readCap(element(parseXml(xml), 'alert'));
    if (reading.kind !== 'message') throw new Error(reading.kind);
    return whole(placeMessage(reading.message, areas, {}));
  };
  const circles = Array.from({ length: 100 }, (_, at) => {
    const [lat, lon] = [27.05 + Math.floor(at / 10) / 10, 105.05 + (at % 10) / 10];
    return `<circle>${lat.toFixed(2)},${lon.toFixed(2)} 3</circle>`;
  });
  const honest = placed(
    capXml({
      identifier: 'h',
      sent: '2026-11-26T00:00:00Z',
      infos: [{ area: `<areaDesc>x</areaDesc>${circles.join('')}` }],
    }),
  );
  expect(honest).not.toHaveProperty('isHalfPlaced');
  expect(honest.notices[0]?.places).toHaveLength(100);
  for (const { area, point } of honest.notices[0]?.places ?? []) expect(areas.areaOf(point)).toBe(area);
  expect(placed(hostileXml('flat', 256))).toMatchObject({ isHalfPlaced: true });
});

test('work that is given up ends with the step it is at', async () => {
  const closing = new AbortController();
  let steps = 0;
  function* endless(): Generator<void, never> {
    for (;;) {
      steps += 1;
      yield;
    }
  }
  setTimeout(() => closing.abort(), 50);
  await expect(inTurns(endless(), closing.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(steps).toBeGreaterThan(1);
});
