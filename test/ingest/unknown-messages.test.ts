import { expect, test } from 'vitest';
import { UnknownMessages } from '../../src/ingest/unknown-messages.ts';

const at = new Date('2026-11-21T08:00:00Z');
const message = (topic: string) => ({ topic, reason: 'unknown-topic', at }) as const;

test('the last five of a topic are kept, cut and safe to print, and all of them counted', () => {
  const unknown = new UnknownMessages();
  for (let n = 0; n < 8; n += 1) unknown.keep({ ...message('a/b'), device: 'ws06' }, Buffer.from(`${n}\u0007`));
  unknown.keep(message('a/b'), Buffer.alloc(10_000, 'x'));
  const [topic] = unknown.list();
  expect(topic).toMatchObject({ topic: 'a/b', count: 9, lastAt: at.toISOString() });
  expect(topic?.samples.map(({ payload }) => payload)).toEqual(['4·', '5·', '6·', '7·', 'x'.repeat(256)]);
  expect(topic?.samples.at(0)).toEqual({
    at: at.toISOString(),
    reason: 'unknown-topic',
    device: 'ws06',
    payload: '4·',
    bytes: 2,
  });
  expect(topic?.samples.at(-1)?.bytes).toBe(10_000);
});

test('of more than two hundred topics the least recently heard is dropped', () => {
  const unknown = new UnknownMessages();
  for (let n = 0; n < 200; n += 1) unknown.keep(message(`t/${n}`), Buffer.from('x'));
  unknown.keep(message('t/0'), Buffer.from('x'));
  unknown.keep(message('new'), Buffer.from('x'));
  const topics = unknown.list().map(({ topic }) => topic);
  expect([topics.length, topics.slice(0, 2), topics.includes('t/1')]).toEqual([200, ['new', 't/0'], false]);
});

test('what is known by now is forgotten', () => {
  const unknown = new UnknownMessages();
  for (const topic of ['a', 'b']) unknown.keep(message(topic), Buffer.from('x'));
  unknown.forget((topic) => topic === 'a');
  expect(unknown.list().map(({ topic }) => topic)).toEqual(['b']);
});
