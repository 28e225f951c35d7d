import { expect, test } from 'vitest';
import { ProblemError } from '../../web/src/api/problem-error.ts';
import { dutyState, nextStep, TouchGuard } from '../../web/src/patrol/duty.ts';
import { type Letter, type LetterBox, Outbox, OutboxFullError } from '../../web/src/patrol/outbox.ts';
import { type PhoneFix, PositionSharing } from '../../web/src/patrol/sharing.ts';

/** A box in memory, as the next page would find it. */
function boxOf(letters: Map<number, Letter> = new Map()): LetterBox {
  return {
    all: async () => [...letters.values()],
    put: async (letter) => void letters.set(letter.id, letter),
    remove: async (id) => void letters.delete(id),
  };
}

/** An outbox whose server answers as it is told to, in order, and then takes everything. */
function openOutbox(box: LetterBox, answers: ProblemError[] = [], account = 'p') {
  const sent: Letter[] = [];
  const refused: string[] = [];
  const counts: number[] = [];
  const outbox = new Outbox({
    box,
    account,
    send: async (letter) => {
      sent.push(letter);
      const answer = answers.shift();
      if (answer) throw answer;
    },
    onChange: (letters) => counts.push(letters.length),
    onRefused: (_letter, { code }) => refused.push(code),
  });
  return { outbox, sent, refused, counts };
}
const offline = () => new ProblemError(0, 'UNREACHABLE', '');

test('what is done without a net is kept in order and sent once there is one, each under its own key', async () => {
  const { outbox, sent } = openOutbox(boxOf(), [offline()]);
  await outbox.open();
  await outbox.post({ path: '/assignments/a/accept', body: {} });
  await outbox.post({ path: '/assignments/a/arrive', body: {} });
  await expect.poll(() => sent.length).toBeGreaterThan(0);
  expect(outbox.letters.map(({ path }) => path)).toEqual(['/assignments/a/accept', '/assignments/a/arrive']);
  await expect
    .poll(() => {
      outbox.flush();
      return outbox.letters.length;
    })
    .toBe(0);
  expect(sent.map(({ path }) => path)).toEqual([
    '/assignments/a/accept',
    '/assignments/a/accept',
    '/assignments/a/arrive',
  ]);
  const [first, again, next] = sent.map(({ key }) => key);
  expect([again === first, next === first]).toEqual([true, false]);
  await outbox.close();
});

test('a page opened anew sends what the one before has left, and nothing of another account', async () => {
  const letters = new Map<number, Letter>();
  const before = openOutbox(boxOf(letters), [offline()]);
  await before.outbox.open();
  await before.outbox.post({ path: '/patrol/sos', body: { key: 'k' } });
  await expect.poll(() => before.sent.length).toBe(1);
  await before.outbox.close();
  const other = openOutbox(boxOf(letters), [], 'q');
  await other.outbox.open();
  await other.outbox.close();
  expect(other.sent).toEqual([]);
  const after = openOutbox(boxOf(letters));
  await after.outbox.open();
  await expect.poll(() => letters.size).toBe(0);
  expect(after.sent[0]?.key).toBe(before.sent[0]?.key);
  await after.outbox.close();
});

test('what the server refuses is told and not sent again; a session that ended waits for the next login', async () => {
  const refusedOnce = openOutbox(boxOf(), [new ProblemError(409, 'ASSIGNMENT_MOVE_REFUSED', '')]);
  await refusedOnce.outbox.open();
  await refusedOnce.outbox.post({ path: '/assignments/a/accept' });
  await expect.poll(() => refusedOnce.refused).toEqual(['ASSIGNMENT_MOVE_REFUSED']);
  expect(refusedOnce.outbox.letters).toEqual([]);
  await refusedOnce.outbox.close();
  const loggedOut = openOutbox(boxOf(), [new ProblemError(401, 'UNAUTHENTICATED', '')]);
  await loggedOut.outbox.open();
  await loggedOut.outbox.post({ path: '/assignments/a/accept' });
  await expect.poll(() => loggedOut.sent.length).toBe(1);
  expect(loggedOut.outbox.letters).toHaveLength(1);
  await loggedOut.outbox.close();
});

test('an outbox is full at a hundred letters, and says so', async () => {
  const { outbox } = openOutbox(boxOf(), Array.from({ length: 300 }, offline));
  await outbox.open();
  for (let count = 0; count < 100; count += 1) await outbox.post({ path: '/patrol/sos' });
  await expect(outbox.post({ path: '/patrol/sos' })).rejects.toThrow(OutboxFullError);
  await outbox.close();
});

test('the button says the next thing to do, also where the server has not heard of the last one', () => {
  const steps = ['dispatched', 'accepted', 'arrived', 'completed', 'recalled'] as const;
  expect(steps.map((state) => nextStep(state, false))).toEqual(['accept', 'arrive', 'report', undefined, undefined]);
  expect(nextStep('arrived', true)).toBe('complete');
  expect(dutyState({ state: 'dispatched' }, ['accept', 'arrive'])).toBe('arrived');
  expect(dutyState({ state: 'accepted' }, [])).toBe('accepted');
});

test('a second touch within 600 ms is none', () => {
  const guard = new TouchGuard();
  expect([0, 100, 599, 600, 700].map((now) => guard.hears(now))).toEqual([true, false, false, true, false]);
});

/** A phone whose fixes are said by the test. */
function openSharing(answer: () => Promise<unknown> = async () => ({})) {
  let watching: ((fix: PhoneFix) => void) | undefined;
  const posted: object[] = [];
  let now = 0;
  const geolocation = {
    watchPosition: (tell: (fix: PhoneFix) => void) => {
      watching = tell;
      return 1;
    },
    clearWatch: () => {
      watching = undefined;
    },
  };
  const post = async (_path: string, body: object) => {
    posted.push(body);
    return await answer();
  };
  const sharing = new PositionSharing({ post, geolocation, now: () => now });
  const fix = (at: number) => {
    now = at;
    const coords = { latitude: 27.3, longitude: 105.29, accuracy: 8, speed: null, heading: null };
    watching?.({ coords });
  };
  return { sharing, posted, fix, isWatched: () => watching !== undefined };
}

test('a position is shared only after consent, at most each five seconds, and not a fix longer', async () => {
  const { sharing, posted, fix, isWatched } = openSharing();
  sharing.ask();
  expect(isWatched()).toBe(false);
  sharing.start();
  for (const at of [0, 1_000, 4_999, 5_000]) fix(at);
  expect(posted).toEqual(Array.from({ length: 2 }, () => ({ lat: 27.3, lon: 105.29, accuracy: 8 })));
  sharing.stop();
  expect([isWatched(), sharing.position.value, sharing.state.value.phase]).toEqual([false, undefined, 'off']);
});

test('off shift the sharing ends by itself', async () => {
  const { sharing, fix, isWatched } = openSharing(() => Promise.reject(new ProblemError(409, 'OFF_SHIFT', '')));
  sharing.start();
  fix(0);
  await expect.poll(() => sharing.state.value).toEqual({ phase: 'stopped', because: 'off-shift' });
  expect(isWatched()).toBe(false);
});
