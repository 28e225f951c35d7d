import { expect, test } from 'vitest';
import type { Why } from '../../web/src/api/shapes.ts';
import { whyRows } from '../../web/src/detail/why-rows.ts';
import { zhCn } from '../../web/src/words/zh-cn.ts';

/** As vue-i18n does it: the text of a path, its holes filled. */
function t(key: string, values: Record<string, unknown> = {}): string {
  const text = key.split('.').reduce<unknown>((at, step) => Object(at)[step], zhCn);
  return String(text).replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

const thing = { label: 'person', score: 0.61, seconds: 4.5, x: 0.7, y: 0.4, width: 0.05, height: 0.25 };
const why: Why = {
  rule: 'presence',
  at: '2026-11-23T14:00:00.000Z',
  place: { type: 'zone', id: 'hard-shoulder', name: '硬路肩', points: [] },
  things: [thing],
  dwell: 3.2,
  limits: { objects: ['person'], score: 0.4, dwell: 3, minSize: 0, cooldown: 0, clear: 10 },
};
const said = (changed: Partial<Why> = {}) =>
  whyRows({ ...why, ...changed }, t).map(({ label, text }) => `${t(label)}：${text}`);

test('what fired an alert is said line by line', () => {
  expect(said()).toEqual([
    '规则：闯入',
    '区域：硬路肩（hard-shoulder）',
    '持续：3.2 s，门限 3 s',
    '目标：person 0.61（4.5 s）',
    '条件：person，置信度不低于 0.4',
  ]);
});

test('a count, a size, a cooldown, a schedule and those left out are said when there are any', () => {
  const limits = { ...why.limits, count: 9, minSize: 0.055, cooldown: 60 };
  const schedule = { when: 'night', weekdays: ['sat', 'sun'], hours: ['22:00-06:00'], sun: -31.4 } as const;
  expect(said({ rule: 'crowd', things: [thing], moreThings: 9, limits, schedule }).slice(3)).toEqual([
    '数量：10，门限 9',
    '目标：person 0.61（4.5 s），另有 9 个',
    '条件：person，置信度不低于 0.4，高度不低于画面 5.5%，间隔 60 s',
    '时段：夜间，周六 周日，22:00-06:00，太阳高度 -31.4°',
  ]);
});

test('the weather at the place is said with its station, as far as that measures it', () => {
  const at = '2026-11-23T13:59:30.000Z';
  const weather = { station: 'WS06', meters: 1_240, at, visibility: 180, wind: 5.2, temperature: -1 };
  expect(said({ weather }).at(-1)).toBe('天气：能见度 180 m，风速 5.2 m/s，气温 -1 °C（WS06，相距 1240 m）');
});
