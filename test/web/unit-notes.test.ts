import { expect, test } from 'vitest';
import type { Unit } from '../../web/src/api/shapes.ts';
import { radioNotes, unitNotes } from '../../web/src/map/unit-notes.ts';
import { en } from '../../web/src/words/en.ts';
import type { MessageKey } from '../../web/src/words/zh-cn.ts';
import { zhCn } from '../../web/src/words/zh-cn.ts';

const at = '2026-11-26T08:00:00.000Z';
const unit: Unit = { id: 'xun7', name: '巡7', kind: 'patrol', status: 'free', online: true };
const busy: Unit = { ...unit, ptt: true, unread: 2, fences: ['west', 'works'], receipt: { state: 'read', at } };

/** As vue-i18n does it for texts as plain as ours. */
const wordsOf = (texts: object) => ({
  t: (key: MessageKey, values: Record<string, unknown> = {}) => {
    const found: unknown = key.split('.').reduce<unknown>((part, name) => Object(part)[name], texts);
    return String(found).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  },
  areaName: (id: string) => ({ west: '西段', works: '施工区' })[id] ?? id,
  now: Date.parse(at) + 38_000,
});

test('a unit says that it talks, what it has not read, how far its answer goes and where it is inside', () => {
  expect(unitNotes(busy, wordsOf(zhCn))).toEqual(['正在讲话', '2 条未读', '回执 已读 38 s 前', '在西段、施工区内']);
  expect(unitNotes(busy, wordsOf(en))).toEqual(['talking', '2 unread', 'receipt read 38 s ago', 'inside 西段, 施工区']);
});

test('a unit of which nothing is known says nothing', () => {
  expect(unitNotes(unit, wordsOf(zhCn))).toEqual([]);
  expect(radioNotes(unit, wordsOf(zhCn))).toEqual([]);
});

test.each([
  [-71, '信号 -71 dBm'],
  [0, '信号 0 %'],
  [80, '信号 80 %'],
])('a signal of %i is written %s', (signal, text) => {
  expect(radioNotes({ ...unit, channel: 'G76-1', signal }, wordsOf(zhCn))).toEqual(['通话组 G76-1', text]);
});
