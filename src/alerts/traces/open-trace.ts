import type { SightingLook } from '../detection/recent-sightings.ts';
import type { CameraTrace, SeenBox } from './trace.ts';

/** What one camera sees of an alert that goes on. Milliseconds since 1970. */
export interface OpenTrace {
  readonly alert: string;
  readonly camera: string;
  readonly raisedAt: number;
  /** Below it nothing was said at some time of it. */
  readonly leastScore: number;
  readonly looks: readonly SightingLook[];
  /** When it was last written. */
  readonly writtenAt?: number;
}

/** Every look for so long after the alert was raised: rules that ask for more raise by then. */
const wholeMs = 60_000;
/** Then one look this often, which a track still lives through. */
const thinMs = 2_000;
const longestMs = 600_000;
const mostLooks = 1_200;
const mostSightings = 12_000;
const firstWriteMs = 5_000;

export type NextTrace =
  | { readonly type: 'goes-on'; readonly trace: OpenTrace; readonly isDue: boolean }
  | { readonly type: 'full' };

/** The trace after one more look of its camera; `isDue` once, when it is to be written though the alert goes on. */
export function nextTrace(trace: OpenTrace, look: SightingLook): NextTrace {
  const { looks, raisedAt, writtenAt } = trace;
  const at = look.at.getTime();
  const last = looks.at(-1);
  const isFull = at - raisedAt > longestMs || looks.length >= mostLooks || sightingsOf(looks) > mostSightings;
  // A picture of another shape is of another scene.
  if (isFull || (last && last.aspect !== look.aspect)) return { type: 'full' };
  const isClose = last !== undefined && at - last.at.getTime() < thinMs;
  const grown = at - raisedAt > wholeMs && isClose ? trace : { ...trace, looks: [...looks, look] };
  const isDue = writtenAt === undefined && at - raisedAt >= firstWriteMs;
  return { type: 'goes-on', trace: isDue ? { ...grown, writtenAt: at } : grown, isDue };
}

/** As it is stored; undefined when its camera was never looked at. */
export function cameraTrace({ camera, leastScore, looks }: OpenTrace): CameraTrace | undefined {
  const [first] = looks;
  if (!first) return undefined;
  const from = first.at.getTime();
  return {
    type: 'camera',
    camera,
    from: first.at.toISOString(),
    aspect: first.aspect,
    leastScore,
    looks: looks.map(({ at, sightings }) => ({ ms: at.getTime() - from, seen: sightings.map(seenBox) })),
  };
}

/** A score is cut and never rounded up: what missed a limit by a hair misses it again. */
function seenBox({ label, score, box: { x, y, width, height } }: SightingLook['sightings'][number]): SeenBox {
  const cut = Math.floor(score * 10_000) / 10_000;
  return [label.slice(0, 40), cut, part(x), part(y), part(width), part(height)];
}

const part = (value: number) => Math.round(value * 10_000) / 10_000;

function sightingsOf(looks: readonly SightingLook[]): number {
  return looks.reduce((sum, { sightings }) => sum + sightings.length, 0);
}
