import { expect, test } from 'vitest';
import { pairFaults } from '../../src/gis/pair-set.ts';
import { emptyDraft, judge, onMap, onPicture, type PairDraft, without } from '../../web/src/calibrate/pair-draft.ts';
import { mayCalibrate } from '../../web/src/session/may.ts';
import { zhCn } from '../../web/src/words/zh-cn.ts';
import { marksOf, pairAt, pole } from '../gis/pinhole-camera.ts';

const pairs = marksOf(pole, 8).map((spot) => pairAt(pole, spot));
const clicked = (draft: PairDraft, { pixel, ...point }: (typeof pairs)[number]) =>
  onMap(onPicture(draft, pixel), point);

test('a click in the picture and one on the map are a pair; another click in the picture replaces the one that waits', () => {
  const [pair = pairAt(pole, [50, 0])] = pairs;
  const waiting = onPicture(onPicture(emptyDraft, [0.1, 0.1]), pair.pixel);
  expect(waiting).toEqual({ pairs: [], waiting: pair.pixel });
  expect(onMap(waiting, pair)).toEqual({ pairs: [pair] });
  expect(onMap(emptyDraft, pair)).toEqual(emptyDraft);
});

test('pairs are judged as they come: too few, then how far each is off', () => {
  const drafts = pairs.map((_, index) => pairs.slice(0, index + 1).reduce(clicked, emptyDraft));
  const phases = drafts.map((draft) => judge(draft.pairs));
  expect(phases.slice(0, 3)).toEqual([3, 2, 1].map((missing) => ({ phase: 'few', missing })));
  expect(phases.slice(3).map(({ phase }) => phase)).toEqual(['fits', 'fits', 'fits', 'fits', 'fits']);
  expect(phases.at(-1)).toMatchObject({ residuals: Array(8).fill(expect.closeTo(0, 3)), suspect: undefined });
});

test('a wrong pair is named, and without it all is well', () => {
  const wrong = pairs.with(5, { ...(pairs[5] ?? pairAt(pole, [50, 0])), lat: 27.3009 });
  const draft = wrong.reduce(clicked, emptyDraft);
  expect(judge(draft.pairs)).toMatchObject({ suspect: 5 });
  expect(judge(without(draft, 5).pairs)).toMatchObject({ phase: 'fits', suspect: undefined });
});

test('a set no camera sees so is refused by a word there is a text for', () => {
  const line = [20, 40, 60, 90].map((ahead) => pairAt(pole, [ahead, 3]));
  expect(judge(line)).toEqual({ phase: 'refused', fault: 'line', suspect: undefined });
  expect(Object.keys(zhCn.calibrate.fault)).toEqual([...pairFaults]);
});

test('more than 32 pairs are not taken', () => {
  const full = { pairs: Array(32).fill(pairs[0]) };
  expect(onPicture(full, [0.5, 0.5])).toBe(full);
});

test('engineers calibrate, seats do not', () => {
  expect((['seat', 'viewer', 'engineer', 'admin'] as const).map(mayCalibrate)).toEqual([false, false, true, true]);
});
