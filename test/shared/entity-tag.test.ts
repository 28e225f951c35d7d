import { expect, test } from 'vitest';
import { entityTag, isKnownTag } from '../../src/shared/entity-tag.ts';

test('another text has another tag', () => {
  expect(entityTag('a')).toMatch(/^"[\w-]{27}"$/);
  expect(entityTag('a')).not.toBe(entityTag('b'));
});

test.each([
  [undefined, false],
  ['"other"', false],
  ['"tag"', true],
  ['W/"tag"', true],
  ['"other", "tag"', true],
  ['*', true],
])('who says %s has it: %s', (header, isKnown) => {
  expect(isKnownTag('"tag"', header)).toBe(isKnown);
});
