import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fogWarning } from '../../demo/fog-warning.ts';
import { readDocument } from '../../src/alerts/cap/cap-document.ts';
import { placeMessage } from '../../src/alerts/cap/warning.ts';
import { titleOf } from '../../src/alerts/cap/warning-alerts.ts';
import { Areas } from '../../src/gis/areas.ts';
import { demoAreas } from '../gis/demo-world.ts';
import { whole } from '../helpers/whole.ts';

test('the demo warns of fog in its western area alone, from its start on', () => {
  const now = new Date('2026-11-26T01:02:03.000Z');
  const [reading] = readDocument(Buffer.from(fogWarning(now))).readings;
  if (reading?.kind !== 'message') throw new Error('it is no message');
  const [notice] = whole(placeMessage(reading.message, new Areas(demoAreas()), {})).notices;
  expect(notice?.places.map(({ area }) => area)).toEqual(['west']);
  expect([notice?.from, notice?.until]).toEqual(['2026-11-26T01:02:03.000Z', '2026-11-26T07:02:03.000Z']);
  expect(notice && titleOf(notice)).toBe('大雾橙色预警');
  const config = readFileSync(new URL('../../demo/config/tianliang.yaml', import.meta.url), 'utf8');
  expect(config).toContain('file: ${DEMO_WARNINGS_FILE}');
});
