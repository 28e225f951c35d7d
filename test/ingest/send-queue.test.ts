import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { SendQueue } from '../../src/ingest/broker/send-queue.ts';
import { SessionQueue } from '../../src/ingest/broker/session-queue.ts';

const message = (payload: string) =>
  generate({ cmd: 'publish', topic: 'tianliang/commands/xun7', payload, qos: 0, dup: false, retain: false });
const answer = generate({ cmd: 'pingresp' });
const limits = { messages: 3, bytes: 10_000 };

function contents(queue: SendQueue): string {
  const all: Buffer[] = [];
  for (let next = queue.shift(); next; next = queue.shift()) all.push(next);
  return Buffer.concat(all).toString('latin1');
}

test('over its number of messages the oldest goes, whole', () => {
  const queue = new SendQueue(limits);
  queue.push(Buffer.concat(['one', 'two', 'three', 'four', 'five'].map(message)));
  expect(queue.trim()).toBe(2);
  expect(contents(queue)).toBe(Buffer.concat(['three', 'four', 'five'].map(message)).toString('latin1'));
  expect(queue.bytes).toBe(0);
});

test('over its bytes the oldest goes', () => {
  const queue = new SendQueue({ messages: 100, bytes: 600 });
  for (const letter of 'abc') queue.push(message(letter.repeat(250)));
  expect(queue.trim()).toBe(1);
  expect(contents(queue)).not.toContain('aaa');
});

test('an answer to the device is never left out; with nothing else left the queue says so', () => {
  const queue = new SendQueue(limits);
  queue.push(Buffer.concat([answer, message('one'), answer, message('two'), answer]));
  expect(queue.trim()).toBe(2);
  queue.push(answer);
  expect(queue.trim()).toBeUndefined();
});

test('a session lets the oldest go, and knows each message by its number, then by its id', () => {
  const queue = new SessionQueue(limits);
  const packet = (brokerCounter: number) => ({
    cmd: 'publish',
    topic: 't',
    payload: 'x',
    brokerId: 'b',
    brokerCounter,
  });
  expect([1, 2, 3, 4].map((n) => queue.push(packet(n)))).toEqual([0, 0, 0, 1]);
  queue.update({ ...packet(1), messageId: 9 });
  queue.update({ ...packet(3), messageId: 7 });
  expect(queue.remove({ cmd: 'puback', messageId: 9 })).toBeUndefined();
  queue.update({ cmd: 'pubrel', messageId: 7 });
  expect(queue.list().map(({ cmd }) => cmd)).toEqual(['publish', 'pubrel', 'publish']);
  expect(queue.remove({ cmd: 'pubcomp', messageId: 7 })?.cmd).toBe('pubrel');
  queue.remove(packet(2));
  queue.remove(packet(4));
  expect([queue.length, queue.bytes]).toEqual([0, 0]);
});
