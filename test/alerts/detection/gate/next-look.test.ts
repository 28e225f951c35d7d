import { expect, test } from 'vitest';
import { type Known, type Look, nextLook } from '../../../../src/alerts/detection/gate/next-look.ts';

const quiet: Known = {
  change: { type: 'still' },
  followed: [],
  isMissing: false,
  pending: [],
  isDue: false,
  aspect: 16 / 9,
  mostRegions: 2,
};
const somebody = { x: 0.7, y: 0.5, width: 0.02, height: 0.06 };
const another = { x: 0.1, y: 0.5, width: 0.02, height: 0.06 };
const region = { x: 0.2, y: 0.2, width: 0.225, height: 0.4 };
const about = { x: 0.6, y: 0.3, width: 0.225, height: 0.4 };
const followed = { followed: [somebody] };
const asWhole: Partial<Known> = { pending: [{ type: 'whole' }] };
const elsewhere: Partial<Known> = { pending: [{ type: 'regions', regions: [region] }] };
const there: Partial<Known> = { pending: [{ type: 'regions', regions: [about] }] };

const cases: readonly (readonly [string, Partial<Known>, string])[] = [
  ['nothing moved and nobody is followed', {}, 'nothing'],
  ['something moved', { change: { type: 'moved', boxes: [somebody] } }, '1 region'],
  ['two things moved far apart', { change: { type: 'moved', boxes: [somebody, another] } }, '2 regions'],
  ['nothing moved, but somebody who stands still is followed', { followed: [somebody] }, '1 region'],
  [
    'one moved and another is followed',
    { change: { type: 'moved', boxes: [another] }, followed: [somebody] },
    '2 regions',
  ],
  ['one more than there may be regions', { mostRegions: 1, followed: [somebody, another] }, 'whole'],
  ['somebody who is followed was not seen', { followed: [somebody], isMissing: true }, 'whole'],
  ['the slow beat is due', { isDue: true }, 'whole'],
  ['the scene is another', { change: { type: 'scene' } }, 'whole'],
  ['somebody is followed while an older picture is being looked at as a whole', { ...followed, ...asWhole }, 'whole'],
  ['nothing moved while an older picture is being looked at as a whole', asWhole, 'nothing'],
  ['the slow beat is due, and an older picture is being looked at for it', { isDue: true, ...asWhole }, 'nothing'],
  ['somebody is missing, and an older picture is being looked at for them', { isMissing: true, ...asWhole }, 'nothing'],
  [
    'somebody is followed while an older picture is being looked at elsewhere',
    { ...followed, ...elsewhere },
    '2 regions',
  ],
  ['somebody is followed while an older picture is being looked at there, too', { ...followed, ...there }, '1 region'],
  ['nothing moved while an older picture is being looked at in a region', elsewhere, 'nothing'],
];

const written = (look: Look) =>
  look.type === 'regions' ? `${look.regions.length} region${look.regions.length > 1 ? 's' : ''}` : look.type;

test.each(cases)('%s: %o is looked at as %s', (_, known, expected) => {
  expect(written(nextLook({ ...quiet, ...known }))).toBe(expected);
});
