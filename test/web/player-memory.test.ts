import { expect, test } from 'vitest';
import { PlayerMemory } from '../../web/src/player/player-memory.ts';
import { TicketShelf } from '../../web/src/player/ticket-shelf.ts';

function desk() {
  const asked: string[] = [];
  const post = async <T>(path: string): Promise<T> => {
    asked.push(path);
    return JSON.parse(JSON.stringify({ ticket: `t${asked.length}` }));
  };
  return { asked, post };
}

test('a ticket asked for ahead is taken once, the next one is asked for anew', async () => {
  const api = desk();
  const shelf = new TicketShelf(api, () => 0);
  shelf.expect('k1');
  shelf.expect('k1');
  expect(api.asked).toEqual(['/cameras/k1/ticket']);
  expect(await shelf.take('k1')).toBe('t1');
  expect(await shelf.take('k1')).toBe('t2');
});

test('a ticket that lay too long is not used, and no more than eight lie there', async () => {
  const api = desk();
  let now = 0;
  const shelf = new TicketShelf(api, () => now);
  shelf.expect('k1');
  now = 21_000;
  expect(await shelf.take('k1')).toBe('t2');
  for (let index = 0; index < 9; index += 1) shelf.expect(`c${index}`);
  expect(await shelf.take('c0')).toBe('t12');
  expect(await shelf.take('c8')).toBe('t11');
});

test('a ticket refused ahead is asked for again when it is needed, and a refusal then is told', async () => {
  let calls = 0;
  const shelf = new TicketShelf({
    post: () => {
      calls += 1;
      return Promise.reject(new Error(`no ${calls}`));
    },
  });
  shelf.expect('k1');
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  await expect(shelf.take('k1')).rejects.toThrow('no 2');
});

test('WebRTC that does not connect fails for every camera, all else for its own', () => {
  const memory = new PlayerMemory(desk());
  memory.note('h265', 'k1');
  memory.note('h264-busy', 'k1');
  expect([memory.failed('k1'), memory.failed('k2')]).toEqual([new Set(['h265', 'h264-busy']), new Set()]);
  memory.noteUnconnected();
  expect(memory.failed('k2')).toEqual(new Set(['whep']));
});
