import type { Areas, SharedGround } from '../../gis/areas.ts';
import { type BandedPolygon, bandPolygon } from '../../gis/banded-polygon.ts';
import { EdgeBudget } from '../../gis/edge-budget.ts';
import type { CapMessage } from './cap-message.ts';
import type { Notice } from './cap-notice.ts';
import { later } from './cap-time.ts';

/** A notice with our areas that it concerns, and a point of each. */
export interface PlacedNotice extends Notice {
  readonly places: readonly SharedGround[];
}

/** A warning through all its messages: the first one names it, the newest says what holds. */
export interface Warning {
  /** Of its first message that is known. */
  readonly id: string;
  /** The order of its newest message, see `orderOf`. */
  readonly newest: string;
  readonly messages: readonly string[];
  /** None once it is cancelled, nor while it concerns none of our areas. */
  readonly notices: readonly PlacedNotice[];
  /** Nobody speaks of it any more after this. */
  readonly until: string;
}

/** What a message says, and where that is ours. */
export interface PlacedMessage extends Omit<CapMessage, 'notices'> {
  readonly notices: readonly PlacedNotice[];
  /** Its outlines are such that not all of our areas could be looked at. */
  readonly isHalfPlaced?: boolean;
}

/** Geocodes to ids of areas. */
export type AreaCodes = Readonly<Record<string, string>>;

const mostMessages = 200;
const dayMs = 86_400_000;
/** A cancelled warning may stand in an index for some days yet. */
const cancelledMs = 7 * dayMs;

/** Edges that are looked at to place one message: many times what an honest one takes, a few seconds of work. */
const mostEdges = 30_000_000;

/** Finds which of our areas a message is about: by its outlines, else by its geocodes. Step by step: it may be much work. */
export function* placeMessage(message: CapMessage, areas: Areas, codes: AreaCodes): Generator<void, PlacedMessage> {
  const budget = new EdgeBudget(mostEdges);
  const notices: PlacedNotice[] = [];
  for (const notice of message.notices) {
    const outlines: BandedPolygon[] = [];
    for (const outline of notice.outlines) {
      outlines.push(bandPolygon([outline]));
      yield;
    }
    const drawn = yield* areas.sharedWith(outlines, budget);
    notices.push({ ...notice, places: withCoded(drawn, notice, { areas, codes }) });
  }
  return { ...message, notices, ...(budget.isSpent && { isHalfPlaced: true }) };
}

interface Coding {
  readonly areas: Areas;
  readonly codes: AreaCodes;
}

function withCoded(drawn: readonly SharedGround[], notice: Notice, { areas, codes }: Coding): SharedGround[] {
  const places = new Map(drawn.map((place) => [place.area, place]));
  for (const code of notice.codes) {
    const area = Object.hasOwn(codes, code) ? codes[code] : undefined;
    const point = area === undefined || places.has(area) ? undefined : areas.pointIn(area);
    if (area !== undefined && point) places.set(area, { area, point });
  }
  return [...places.values()];
}

/** The warning after one more of its messages; an older message than the newest only adds its name. */
export function nextWarning(warning: Warning | undefined, id: string, message: PlacedMessage): Warning {
  const names = [...(warning?.messages ?? []), ...message.references, message.id];
  const messages = [...new Set(names)].slice(-mostMessages);
  const until = latest([warning?.until ?? '', memoryOf(message), ...message.notices.map((notice) => notice.until)]);
  const order = orderOf(message);
  if (warning && order < warning.newest) return { ...warning, messages, until };
  const ours = message.notices.filter(({ places }) => places.length > 0);
  return { id, newest: order, messages, notices: ours, until };
}

/** Another warning has taken its place. */
export function replacedWarning(warning: Warning, message: PlacedMessage): Warning {
  const order = orderOf(message);
  return order < warning.newest ? warning : { ...warning, newest: order, notices: [] };
}

/** Sorts by when it was sent; of the same second an update comes after what it updates, and a cancel is the last word. */
export function orderOf({ sent, type }: Pick<CapMessage, 'sent' | 'type'>): string {
  return `${sent} ${['alert', 'update', 'cancel'].indexOf(type)}`;
}

function memoryOf({ type, sent }: PlacedMessage): string {
  return later(sent, type === 'cancel' ? cancelledMs : dayMs);
}

const latest = (times: readonly string[]) => times.reduce((a, b) => (a > b ? a : b));
