import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { needsBuild } from '../../scripts/needs-build.ts';
import { en } from '../../web/src/words/en.ts';
import { zhCn } from '../../web/src/words/zh-cn.ts';

const styles = globSync('web/src/**/*.vue').map((file) => ({
  file,
  style: /<style[^>]*>([\s\S]*)<\/style>/.exec(readFileSync(file, 'utf8'))?.[1] ?? '',
}));

test('a component writes no colour of its own', () => {
  const wrong = styles.filter(({ style }) => /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(/i.test(style));
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('a component writes no duration of its own', () => {
  const wrong = styles.filter(({ style }) => /[\s:,(]\d*\.?\d+m?s\b/.test(style));
  expect(wrong.map(({ file }) => file)).toEqual([]);
});

test('every text exists in both languages with the same placeholders', () => {
  const flat = (texts: object, prefix = ''): [string, string][] =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`),
    );
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  const other = new Map(flat(en));
  expect(flat(zhCn).filter(([key, text]) => holes(text).join() !== holes(other.get(key) ?? '').join())).toEqual([]);
});

test('no text has an exclamation mark or a 请', () => {
  const all = JSON.stringify([zhCn, en]);
  expect(all).not.toMatch(/[!！请您]/);
});

test('the wall is built when nothing is there or a source is newer', () => {
  expect(needsBuild(undefined, [])).toBe(true);
  expect(needsBuild(10, [5, 11])).toBe(true);
  expect(needsBuild(10, [5, 10])).toBe(false);
});
