import { judgeDrift } from './clock-drift.ts';
import {
  type FaultCause,
  type FaultKind,
  type FaultPatience,
  type FaultWatch,
  type Finding,
  faultKinds,
  found,
  nextFault,
  no,
  standing,
  unjudged,
} from './fault.ts';
import { type Daylight, type Judged, judgePicture } from './judge-picture.ts';
import { nextScene, type Scenes } from './learnt-scene.ts';
import type { PictureFacts } from './picture-facts.ts';
import { matchScene, type Scene } from './scene-match.ts';
import type { TestRules } from './self-test-config.ts';
import { nextStill, type StillWatch } from './still-watch.ts';

/** All that is known of one camera by looking at it. */
export interface CameraTest {
  readonly faults: Readonly<Record<FaultKind, FaultWatch>>;
  readonly scenes: Scenes;
  readonly limit?: 'fog' | 'night' | undefined;
  readonly still?: StillWatch | undefined;
  /** The encoder sends the same bytes again and again: what comes is not looked at. */
  readonly stalled: boolean;
  /** It was told to turn: until it is seen to be back it is not judged by its scene. */
  readonly awayMs?: number | undefined;
  readonly lookedMs?: number | undefined;
  /** How far its clock is ahead of ours. */
  readonly offsetMs?: number | undefined;
}

export interface Look {
  readonly facts: PictureFacts;
  /** When the picture arrived. */
  readonly at: number;
  readonly light: Daylight;
  readonly visibility: number | undefined;
}

export interface StandingFault {
  readonly kind: FaultKind;
  readonly sinceMs: number;
  readonly cause: FaultCause;
}

const fresh: FaultWatch = { phase: 'new' };

export const untested: CameraTest = {
  faults: { black: fresh, frozen: fresh, covered: fresh, blurred: fresh, moved: fresh, clock: fresh },
  scenes: {},
  stalled: false,
};

const patience: Record<FaultKind, FaultPatience> = {
  black: { beginMs: 60_000, beginLooks: 3 },
  covered: { beginMs: 180_000, beginLooks: 3 },
  blurred: { beginMs: 300_000, beginLooks: 3 },
  moved: { beginMs: 180_000, beginLooks: 3 },
  // These have waited already, each in its own way.
  frozen: { beginMs: 0, beginLooks: 1 },
  clock: { beginMs: 0, beginLooks: 2 },
};

/** By lamplight and in fog nothing may move for long. */
const darkStillTimes = 4;
const fewestStillLooks = 5;
/** A picture fits the scene so well: the camera is home again. */
const homeFit = 0.6;

/** The camera after a look at a picture of it. */
export function withLook(test: CameraTest, look: Look, rules: TestRules): CameraTest {
  if (test.stalled) return test;
  const { facts, at } = look;
  const { scenes: before, awayMs } = afterTurn(test, look, rules);
  const known = awayMs === undefined ? knownScene(before, look.light) : undefined;
  const judged = judgePicture(facts, { ...look, scene: known, fogMeters: rules.fogMeters });
  const still = nextStill(test.still, facts, at);
  const frozen = judgeStill(still, { dim: look.light !== 'day' || judged.limit !== undefined, at, rules });
  const faults = withFindings(test.faults, { ...judged.findings, frozen }, { at, rules });
  const scenes = awayMs === undefined ? learn(before, look, judged) : before;
  return { ...test, faults, scenes, still, awayMs, limit: judged.limit, lookedMs: at };
}

/** The encoder has begun, or ceased, to send the same picture (T17). */
export function withStall(test: CameraTest, cause: FaultCause | undefined, at: number): CameraTest {
  if (test.stalled === (cause !== undefined)) return test;
  const frozen: FaultWatch = cause ? { phase: 'standing', sinceMs: at, cause } : { phase: 'clear' };
  return { ...test, stalled: cause !== undefined, still: undefined, faults: { ...test.faults, frozen } };
}

export function withClock(test: CameraTest, offsetMs: number, { at, rules }: When): CameraTest {
  const clock = judgeDrift(offsetMs, rules, standing(test.faults.clock) !== undefined);
  return { ...test, offsetMs, faults: withFindings(test.faults, { clock }, { at, rules }) };
}

/** The camera turns: what it sees until it is home again is not held against it. */
export function turned(test: CameraTest, at: number): CameraTest {
  return { ...test, awayMs: at, faults: { ...test.faults, moved: over(test.faults.moved) } };
}

/** Whatever it sees next is its scene. */
export function forgotten(test: CameraTest): CameraTest {
  return { ...test, scenes: {}, awayMs: undefined, faults: { ...test.faults, moved: over(test.faults.moved) } };
}

export function faultsOf({ faults }: CameraTest): StandingFault[] {
  return faultKinds.flatMap((kind) => {
    const fault = standing(faults[kind]);
    return fault ? [{ kind, sinceMs: fault.sinceMs, cause: fault.cause }] : [];
  });
}

/** Which faults have begun, and which are no more: an alert of a former run may stand for one that is seen to be gone. */
export function faultChanges(before: CameraTest, after: CameraTest): { begun: StandingFault[]; over: FaultKind[] } {
  const begun = faultsOf(after).filter(({ kind }) => !standing(before.faults[kind]));
  const gone = faultKinds.filter(
    (kind) => after.faults[kind].phase === 'clear' && before.faults[kind].phase !== 'clear',
  );
  return { begun, over: gone };
}

interface When {
  readonly at: number;
  readonly rules: TestRules;
}

const over = (watch: FaultWatch): FaultWatch => (standing(watch) ? { phase: 'clear' } : watch);

function knownScene(scenes: Scenes, light: Daylight): Scene | undefined {
  const learnt = light === 'dusk' ? undefined : scenes[light];
  return learnt?.phase === 'known' ? learnt.scene : undefined;
}

/** A camera that was told to turn is home again when its picture fits; one that stays away has another home. */
function afterTurn(
  test: CameraTest,
  { facts, at, light }: Look,
  rules: TestRules,
): Pick<CameraTest, 'scenes' | 'awayMs'> {
  const { scenes, awayMs } = test;
  if (awayMs === undefined) return { scenes };
  const known = knownScene(scenes, light);
  if (known && matchScene(facts, known).here >= homeFit) return { scenes };
  return at - awayMs >= rules.relearnMs ? { scenes: {} } : { scenes, awayMs };
}

/** Only of what is well and full of light, or of a night's lamps, a scene is learnt. */
function learn(scenes: Scenes, { facts, at, light }: Look, { findings, limit }: Judged): Scenes {
  const isWell = Object.values(findings).every(({ verdict }) => verdict !== 'yes') && limit === undefined;
  if (!isWell || light === 'dusk') return scenes;
  const next = nextScene(scenes[light], facts, at);
  return next === scenes[light] ? scenes : { ...scenes, [light]: next };
}

function judgeStill(still: StillWatch, { dim, at, rules }: When & { readonly dim: boolean }): Finding {
  const limitMs = rules.stillMs * (dim ? darkStillTimes : 1);
  if (still.looks < fewestStillLooks) return still.looks === 1 ? no : unjudged;
  const ms = at - still.sinceMs;
  if (ms < limitMs) return unjudged;
  const [value, limit] = [Math.floor(ms / 60_000), Math.round(limitMs / 60_000)];
  return found({ detail: `画面 ${value} min 未变，门限 ${limit} min`, value, limit, unit: 'min' });
}

function withFindings(
  faults: CameraTest['faults'],
  findings: Partial<Record<FaultKind, Finding>>,
  { at, rules }: When,
): CameraTest['faults'] {
  const next = { ...faults };
  for (const kind of faultKinds) {
    const finding = findings[kind];
    if (finding)
      next[kind] = rules.off.has(kind)
        ? over(faults[kind])
        : nextFault(faults[kind], finding, { at, ...patience[kind] });
  }
  return next;
}
