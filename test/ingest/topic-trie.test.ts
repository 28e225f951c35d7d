import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, readTopicPattern, topicPattern } from '../../src/ingest/topic-pattern.ts';
import { TopicTrie } from '../../src/ingest/topic-trie.ts';

function trieOf(...filters: string[]) {
  const trie = new TopicTrie<string>();
  for (const filter of filters) trie.add(filter.split('/'), filter);
  return (topic: string) => trie.find(topic.split('/'));
}

/** MQTT 3.1.1 §4.7, level by level, as slowly as it is written. */
function matches(filter: readonly string[], topic: readonly string[]): boolean {
  if (topic[0]?.startsWith('$') && (filter[0] === '+' || filter[0] === '#')) return false;
  const open = filter.at(-1) === '#';
  const fixed = open ? filter.slice(0, -1) : filter;
  if (open ? topic.length < fixed.length : topic.length !== fixed.length) return false;
  return fixed.every((level, index) => level === '+' || level === topic[index]);
}

const level = fc.constantFrom('a', 'b', '', '$c');
const filterLevels = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([levels, open]) => (open ? [...levels, '#'] : levels));
const topicLevels = fc.array(level, { minLength: 1, maxLength: 5 });

test('of filters that take a topic the first one added wins, whatever their shape', () => {
  fc.assert(
    fc.property(fc.array(filterLevels, { maxLength: 12 }), topicLevels, (filters, topic) => {
      const trie = new TopicTrie<readonly string[]>();
      for (const filter of filters) trie.add(filter, filter);
      expect(trie.find(topic)).toBe(filters.find((filter) => matches(filter, topic)));
    }),
  );
});

test.each([
  ['plant/ws06/env', 'plant/+/env'],
  ['plant/ws06/other', 'plant/#'],
  ['plant', 'plant/#'],
  ['plantation', undefined],
  ['$SYS/broker', undefined],
])('%s is taken by %s', (topic, filter) => {
  expect(trieOf('plant/+/env', 'plant/#', '+/never')(topic)).toBe(filter);
});

describe('patterns', () => {
  test('names are levels, and a filter has a + for each', () => {
    const { levels, names } = topicPattern('plant/{site}/+/{device}/#');
    expect(levels).toEqual(['plant', '+', '+', '+', '#']);
    expect(Object.fromEntries(names)).toEqual({ site: 1, device: 3 });
  });

  test.each([
    ['plant/#/env', /# as the last/],
    ['plant/x{device}/env', /a whole level/],
    ['plant/a+/env', /a whole level/],
    ['plant/{Device}/env', /a whole level/],
    ['plant/{a}/{a}', /each \{name\} once/],
    ['$share/g/plant', /leading \$/],
    ['a\u0000b', /control characters/],
    ['x/'.repeat(20), /16 levels/],
    ['', /levels/],
  ])('%j is refused', (text, message) => {
    expect(readTopicPattern(text)).toEqual({ wrong: expect.stringMatching(message) });
  });

  test('a filter covers another when every topic of that one is one of its own', () => {
    fc.assert(
      fc.property(filterLevels, filterLevels, topicLevels, (outer, inner, topic) => {
        if (covers(outer, inner) && !topic[0]?.startsWith('$'))
          expect(matches(outer, topic) || !matches(inner, topic)).toBe(true);
      }),
    );
    expect(covers(['a', '#'], ['a', '+', 'b'])).toBe(true);
    expect(covers(['a', '+'], ['a', '#'])).toBe(false);
    expect(covers(['a', '+'], ['a', 'b'])).toBe(true);
    expect(covers(['a', 'b'], ['a', '+'])).toBe(false);
  });
});
