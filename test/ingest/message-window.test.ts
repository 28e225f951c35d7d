import { expect, test } from 'vitest';
import { MessageWindow } from '../../src/ingest/message-window.ts';

test('so many may be under way; the next may come when one of them is done with', () => {
  const window = new MessageWindow(2);
  let asked = 0;
  const enter = () => window.enter(() => (asked += 1));
  enter();
  expect(asked).toBe(1);
  enter();
  expect(asked).toBe(1);
  window.leave();
  expect(asked).toBe(2);
  enter();
  expect(asked).toBe(2);
  window.leave();
  window.leave();
  expect(asked).toBe(3);
});
