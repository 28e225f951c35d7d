import { expect, test } from 'vitest';
import {
  type CameraTest,
  faultChanges,
  faultsOf,
  forgotten,
  turned,
  untested,
  withClock,
  withLook,
  withStall,
} from '../../../src/streams/self-test/camera-test.ts';
import type { Daylight } from '../../../src/streams/self-test/judge-picture.ts';
import type { LumaPicture } from '../../../src/streams/self-test/luma-picture.ts';
import { factsOf, type PictureFacts } from '../../../src/streams/self-test/picture-facts.ts';
import { rulesFor, SelfTestConfig, type SelfTestEntry } from '../../../src/streams/self-test/self-test-config.ts';
import { filled } from '../../helpers/filled.ts';
import { black, covered, inFog, noisy, shifted, town } from './pictures.ts';

const config = filled(SelfTestConfig);
const rulesOf = (entry?: SelfTestEntry) => rulesFor(config, entry) ?? expect.unreachable();
const rules = rulesOf();

const home = town(1);
const known = new Map<LumaPicture, PictureFacts>();
const factsFor = (picture: LumaPicture) => {
  const facts = known.get(picture) ?? factsOf(picture);
  known.set(picture, facts);
  return facts;
};

/** A camera and its clock: looks every so many seconds. */
class Watched {
  test: CameraTest = untested;
  at = Date.UTC(2026, 5, 1, 4);
  begun: string[] = [];
  over: string[] = [];

  readonly by: typeof rules;

  constructor(by = rules) {
    this.by = by;
  }

  see(
    picture: LumaPicture,
    seconds: number,
    { everySeconds = 15, light = 'day' as Daylight, visibility = Number.NaN } = {},
  ): this {
    const sight = Number.isNaN(visibility) ? undefined : visibility;
    for (let passed = 0; passed < seconds; passed += everySeconds) {
      this.at += everySeconds * 1_000;
      const look = { facts: factsFor(picture), at: this.at, light, visibility: sight };
      this.become(withLook(this.test, look, this.by));
    }
    return this;
  }

  become(next: CameraTest): this {
    const { begun, over } = faultChanges(this.test, next);
    this.begun.push(...begun.map(({ kind }) => kind));
    this.over.push(...over);
    this.test = next;
    return this;
  }

  get faults(): string[] {
    return faultsOf(this.test).map(({ kind }) => kind);
  }
}

/** Pictures that live: none is like the one before. */
const lively = [1, 2, 3, 4, 5].map((seed) =>
  noisy(covered(home, { left: seed * 0.12, right: seed * 0.12 + 0.05, top: 0.5, bottom: 0.7 }), 3, seed),
);
function live(watched: Watched, seconds: number, light: Daylight = 'day'): Watched {
  for (let passed = 0; passed < seconds; passed += 15)
    watched.see(lively[(passed / 15) % lively.length] ?? home, 15, { light });
  return watched;
}
const settled = () => live(new Watched(), 180);

test('a camera that lives is well, and a fault of a former run is said to be over', () => {
  const watched = settled();
  expect(watched.faults).toEqual([]);
  expect(watched.over).toEqual(expect.arrayContaining(['black', 'frozen', 'covered', 'blurred']));
  expect(watched.test.scenes.day?.phase).toBe('known');
});

test('a moved camera is told once, stands however long, and ends when it is pushed back', () => {
  const watched = settled().see(shifted(home, 50, 0), 600);
  expect([watched.begun, watched.faults]).toEqual([['moved'], ['moved']]);
  watched.over = [];
  live(watched, 60);
  expect([watched.over, watched.faults]).toEqual([['moved'], []]);
});

test('a truck for a minute, a flash and a short night are no faults', () => {
  const watched = settled();
  watched.see(covered(home, { left: 0.1 }), 90).see(black(), 15);
  live(watched, 60).see(black(), 45);
  live(watched, 60);
  expect(watched.begun).toEqual([]);
});

test('a black camera is black after a minute; that hides whether it was moved as well', () => {
  const watched = settled()
    .see(shifted(home, 50, 0), 300)
    .see(black(), 90);
  expect(watched.faults).toEqual(['black', 'moved']);
});

test('fog is no fault and ends none, and is said', () => {
  const watched = settled().see(inFog(home, 0.6), 900, { visibility: 90 });
  expect([watched.begun, watched.test.limit]).toEqual([[], 'fog']);
  live(watched, 30);
  expect(watched.test.limit).toBeUndefined();
});

test('a camera that was told to turn is not at fault, is known when it is home, and is learnt anew when it stays away', () => {
  const watched = settled();
  watched.become(turned(watched.test, watched.at)).see(shifted(home, 60, 10), 600);
  expect(watched.begun).toEqual([]);
  live(watched, 15);
  expect(watched.test.awayMs).toBeUndefined();
  watched.become(turned(watched.test, watched.at)).see(town(7), 35 * 60, { everySeconds: 60 });
  expect([watched.test.awayMs, watched.faults.includes('moved')]).toEqual([undefined, false]);
  watched.see(home, 400);
  expect(watched.faults).toContain('moved');
});

test('an engineer says that it is the new view: the fault is over and does not come back', () => {
  const watched = settled().see(town(5), 300);
  expect(watched.faults).toEqual(['moved']);
  watched.become(forgotten(watched.test));
  expect(watched.over.at(-1)).toBe('moved');
  watched.see(noisy(town(5), 2, 1), 300);
  expect(watched.faults).toEqual([]);
});

test('nights are learnt as a scene of their own: at first by lamplight nothing is compared', () => {
  const night = noisy(shifted(home, 70, 0), 2, 9);
  const watched = settled().see(night, 300, { light: 'night' });
  expect([watched.faults, watched.test.scenes.night?.phase]).toEqual([[], 'known']);
  watched.see(town(3), 300, { light: 'dusk' });
  expect(watched.faults).toEqual([]);
  watched.see(town(3), 300, { light: 'night' });
  expect(watched.faults).toEqual(['moved']);
});

test('a picture without change is frozen after a quarter of an hour, by night after an hour, and is not when something moves', () => {
  const watched = settled().see(home, 16 * 60, { everySeconds: 60 });
  expect(watched.faults).toEqual(['frozen']);
  expect(faultsOf(watched.test)[0]?.cause.detail).toMatch(/^画面 1[56] min 未变，门限 15 min$/);
  live(watched, 75);
  expect(watched.faults).toEqual([]);
  const night = settled().see(home, 50 * 60, { everySeconds: 60, light: 'night' });
  expect(night.faults).toEqual([]);
  expect(night.see(home, 20 * 60, { everySeconds: 60, light: 'night' }).faults).toEqual(['frozen']);
});

test('an encoder that hangs is the same fault, at once, and what it sends meanwhile is not looked at', () => {
  const watched = settled();
  const cause = { detail: 'hangs', value: 30, limit: 30, unit: 's' };
  watched.become(withStall(watched.test, cause, watched.at)).see(black(), 300);
  expect([watched.begun, watched.faults]).toEqual([['frozen'], ['frozen']]);
  watched.become(withStall(watched.test, undefined, watched.at));
  expect([watched.over.at(-1), watched.faults]).toEqual(['frozen', []]);
});

test('a clock a minute wrong is a fault once the second answer says so', () => {
  const watched = settled();
  const ask = (offsetMs: number) => {
    watched.at += 60_000;
    watched.become(withClock(watched.test, offsetMs, { at: watched.at, rules }));
  };
  ask(-61_500);
  expect(watched.faults).toEqual([]);
  ask(-61_500);
  expect(faultsOf(watched.test)).toMatchObject([{ kind: 'clock', cause: { detail: '摄像机时钟慢 62 s，门限 60 s' } }]);
  for (const offsetMs of [-55_000, -55_000, 4_000, 4_000]) ask(offsetMs);
  expect(watched.faults).toEqual([]);
});

test('what is no fault of a camera is never one', () => {
  const watched = live(new Watched(rulesOf({ moved: false, black: false })), 180);
  watched.see(town(9), 300).see(black(), 300);
  expect(watched.faults).toEqual([]);
});
