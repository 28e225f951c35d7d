import process from 'node:process';

/* Loaded before a program (`--import`): its clock, and that of its threads, runs so many milliseconds ahead. */
const aheadMs = Number(process.env.NODE_TEST_CLOCK_AHEAD_MS ?? 0);
const now = () => RealDate.now() + aheadMs;
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
