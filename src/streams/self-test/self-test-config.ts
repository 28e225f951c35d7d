import { type Static, Type } from 'typebox';
import { type FaultKind, faultKinds } from './fault.ts';

const closed = { additionalProperties: false };
const looked = (what: string) => Type.Optional(Type.Boolean({ description: `false when ${what} is no fault here` }));

/** `selfTest:` of a camera in cameras.yaml. */
export const SelfTestEntry = Type.Union(
  [
    Type.Boolean(),
    Type.Object(
      {
        black: looked('a black picture'),
        frozen: looked('a picture that stands still'),
        covered: looked('a covered lens'),
        blurred: looked('a blurred picture'),
        moved: looked('another view'),
        clock: looked('a wrong clock'),
      },
      closed,
    ),
  ],
  { description: 'false, or what is no fault of this camera: {black, frozen, covered, blurred, moved, clock: false}' },
);
export type SelfTestEntry = Static<typeof SelfTestEntry>;

const seconds = (description: string, limits: { minimum: number; maximum: number; default: number }) =>
  Type.Number({ ...limits, description: `${description}, ${limits.minimum} to ${limits.maximum}` });

/** `video.selfTest` of tianliang.yaml. */
export const SelfTestConfig = Type.Object(
  {
    enabled: Type.Boolean({ default: true, description: 'whether cameras are tested by their pictures' }),
    everySeconds: seconds('seconds between two looks at a camera whose pictures are decoded anyway', {
      minimum: 2,
      maximum: 600,
      default: 10,
    }),
    roundSeconds: seconds('seconds between two pictures decoded for this alone, of all other connected cameras', {
      minimum: 1,
      maximum: 600,
      default: 5,
    }),
    restSeconds: seconds('seconds one of those is left alone after a look', {
      minimum: 5,
      maximum: 86_400,
      default: 60,
    }),
    dial: Type.Boolean({
      default: false,
      description: 'true to connect to cameras nobody watches, one after another, for a look',
    }),
    stillMinutes: seconds('minutes without any change by day until a picture is frozen; four times as many by night', {
      minimum: 1,
      maximum: 1_440,
      default: 15,
    }),
    relearnMinutes: seconds('minutes after a camera was turned until its view is the new one', {
      minimum: 1,
      maximum: 1_440,
      default: 30,
    }),
    fogMeters: seconds('metres of visibility below which what is not seen is the fog', {
      minimum: 50,
      maximum: 10_000,
      default: 1_000,
    }),
    stationKm: seconds('kilometres within which a weather station speaks for a camera', {
      minimum: 0.1,
      maximum: 50,
      default: 5,
    }),
    clockMinutes: seconds('minutes between two questions for the time of an ONVIF camera; 0 asks none', {
      minimum: 0,
      maximum: 10_080,
      default: 60,
    }),
    driftSeconds: seconds('seconds a clock may be wrong before it is shown', {
      minimum: 1,
      maximum: 3_600,
      default: 5,
    }),
    driftFaultSeconds: seconds('seconds a clock may be wrong before it is a fault', {
      minimum: 2,
      maximum: 86_400,
      default: 60,
    }),
  },
  { ...closed, default: {}, description: 'how cameras are tested by what they show' },
);
export type SelfTestConfig = Readonly<Static<typeof SelfTestConfig>>;

/** By what one camera is judged. */
export interface TestRules {
  readonly off: ReadonlySet<FaultKind>;
  readonly stillMs: number;
  readonly relearnMs: number;
  readonly fogMeters: number;
  readonly shownSeconds: number;
  readonly faultSeconds: number;
}

/** Undefined for a camera that is not tested at all. */
export function rulesFor(config: SelfTestConfig, entry: SelfTestEntry | undefined): TestRules | undefined {
  if (!config.enabled || entry === false) return undefined;
  const words = typeof entry === 'object' ? entry : {};
  return {
    off: new Set(faultKinds.filter((kind) => words[kind] === false)),
    stillMs: config.stillMinutes * 60_000,
    relearnMs: config.relearnMinutes * 60_000,
    fogMeters: config.fogMeters,
    shownSeconds: config.driftSeconds,
    faultSeconds: config.driftFaultSeconds,
  };
}
