import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SoundLane } from '../../../src/streams/flv/sound-lane.ts';

const frameMs = 64;
const rate = 16_000;

/** A camera that sends a picture each 40 ms and sound each 64 ms, from second 1000 of its own clock on. */
class Camera {
  readonly lane = new SoundLane();
  readonly placed: number[] = [];
  #pictures = 0;
  #frames = 0;
  /** Added to where pictures stand on the timeline. */
  shiftMs = 0;

  picture({ captured = false } = {}): number[] {
    const ms = this.#pictures * 40;
    this.#pictures += 1;
    const at = ms + this.shiftMs;
    this.lane.follow({ decodeMs: at, shownMs: at, arrivedMs: 5_000 + ms, ...(captured && { capturedAt: moment(ms) }) });
    return this.lane.silence(at, frameMs);
  }

  sound({ captured = false, lateMs = 0, capturedLateMs = 0 } = {}): number | undefined {
    const ms = this.#frames * frameMs;
    this.#frames += 1;
    return this.lane.place({
      timestamp: ((ms * rate) / 1_000 - 500) >>> 0,
      clockRate: rate,
      durationMs: frameMs,
      arrivedMs: 5_000 + ms + lateMs,
      ...(captured && { capturedAt: moment(ms + capturedLateMs) }),
    });
  }

  skip(frames: number): void {
    this.#frames += frames;
  }
}

const moment = (ms: number) => new Date(1_000_000 + ms);

function play(camera: Camera, ms: number, options: Parameters<Camera['sound']>[0] & { from?: number } = {}) {
  const from = options.from ?? 0;
  const heard: (number | undefined)[] = [];
  const silent: number[] = [];
  for (let at = from; at < from + ms; at += 8) {
    if (at % 40 === 0) silent.push(...camera.picture(options));
    if (at % frameMs === 0) heard.push(camera.sound(options));
  }
  return { heard, silent };
}

test('sound stands where the picture does, and no silence is put in once it comes', () => {
  const camera = new Camera();
  const { heard, silent } = play(camera, 4_000);
  expect(heard.slice(0, 4)).toEqual([0, 64, 128, 192]);
  expect(heard.every((ms, index) => ms === index * frameMs)).toBe(true);
  expect(silent).toEqual([]);
});

test('the camera’s own clock says where sound belongs, when it tells it for both and it can be believed', () => {
  expect(play(new Camera(), 4_000, { captured: true, lateMs: 180 }).heard.at(-1)).toBe(62 * frameMs);
  const arrived = play(new Camera(), 4_000, { lateMs: 180 }).heard.at(-1) ?? 0;
  expect(Math.abs(arrived - 62 * frameMs - 180)).toBeLessThanOrEqual(64);
  const absurd = play(new Camera(), 4_000, { captured: true, capturedLateMs: 9_000 }).heard.at(-1);
  expect(absurd).toBe(62 * frameMs);
});

test('where no sound comes silence is due without a gap, and sound takes over again', () => {
  const camera = new Camera();
  play(camera, 1_024);
  const silent: number[] = [];
  for (let count = 0; count < 50; count += 1) silent.push(...camera.picture());
  const [first = 0] = silent;
  expect(first).toBe(1_024);
  expect(silent.every((ms, index) => ms === first + index * frameMs)).toBe(true);
  camera.skip(Math.round((50 * 40) / frameMs));
  const heard = [camera.sound(), camera.sound(), camera.sound()];
  expect(heard.findLast((ms) => ms !== undefined)).toBeGreaterThanOrEqual((silent.at(-1) ?? 0) + frameMs - 1);
  expect(camera.picture()).toEqual([]);
});

test('a picture that stands still does not let sound run ahead, and one that is set back takes the sound along', () => {
  const camera = new Camera();
  play(camera, 1_000, { captured: true });
  const ahead = Array.from({ length: 40 }, () => camera.sound({ captured: true }));
  expect(Math.max(...ahead.map((ms) => ms ?? 0))).toBeLessThanOrEqual(1_000 + 1_000);
  const set = new Camera();
  play(set, 2_000, { captured: true });
  set.shiftMs = -640;
  const { heard } = play(set, 2_560, { captured: true, from: 2_000 });
  expect(heard.at(-1)).toBeLessThan(2_000 + 2_560 - 640);
  expect(heard.at(-1)).toBeGreaterThan(2_000 + 2_560 - 640 - 200);
});

test('a listener who begins in the middle of a group hears silence from its start', () => {
  const camera = new Camera();
  for (let count = 0; count < 25; count += 1) camera.lane.follow({ decodeMs: count * 40, shownMs: 0, arrivedMs: 0 });
  camera.lane.begin(300);
  expect(camera.lane.silence(300, 100)).toEqual([]);
  expect(camera.lane.silence(620, 100)).toEqual([300, 400, 500]);
  expect(camera.lane.silence(640, 100)).toEqual([]);
});

/** What may come next: a picture or none, a timestamp, some time later. */
const step = fc.record({
  picture: fc.boolean(),
  ticks: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.nat({ max: 0xffff_ffff })),
  passedMs: fc.oneof(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100_000 })),
});

class Storm {
  readonly #lane = new SoundLane();
  #now = 0;
  #ticks = 0;
  decodeMs = 0;

  /** Where sound or silence was put. */
  next({ picture, ticks, passedMs }: { picture: boolean; ticks: number; passedMs: number }): number[] {
    this.#now += passedMs;
    this.#ticks = (this.#ticks + ticks) >>> 0;
    const due = picture ? this.#picture(passedMs) : [];
    const piece = { timestamp: this.#ticks, clockRate: rate, durationMs: frameMs, arrivedMs: this.#now };
    const place = this.#lane.place(piece);
    return place === undefined ? due : [...due, place];
  }

  #picture(passedMs: number): number[] {
    this.decodeMs += Math.min(passedMs, 2_000) + 1;
    this.#lane.follow({ decodeMs: this.decodeMs, shownMs: this.decodeMs, arrivedMs: this.#now });
    return this.#lane.silence(this.decodeMs, frameMs);
  }
}

test('whatever the clocks do, sound rises, never runs ahead of the picture, and there is never much of it at once', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const storm = new Storm();
      let last = -1;
      for (const next of steps) {
        const places = storm.next(next);
        expect(places.length).toBeLessThanOrEqual(30_000 / frameMs + 2);
        expect([last, ...places]).toEqual([last, ...places].sort((a, b) => a - b));
        last = places.at(-1) ?? last;
        expect(last).toBeLessThanOrEqual(storm.decodeMs + 1_001);
      }
    }),
  );
});
