import type { Areas, SharedGround } from '../../gis/areas.ts';
import { preparePolygon } from '../../gis/polygon.ts';
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
}

/** Geocodes to ids of areas. */
export type AreaCodes = Readonly<Record<string, string>>;

const mostMessages = 200;
const dayMs = 86_400_000;
/** A cancelled warning may stand in an index for some days yet. */
const cancelledMs = 7 * dayMs;

/** Finds which of our areas a message is about: by its outlines, else by its geocodes. */
export function placeMessage(message: CapMessage, areas: Areas, codes: AreaCodes): PlacedMessage {
  return {
    ...message,
    notices: message.notices.map((notice) => ({ ...notice, places: placesOf(notice, areas, codes) })),
  };
}

function placesOf({ outlines, codes: written }: Notice, areas: Areas, codes: AreaCodes): SharedGround[] {
  const places = new Map<string, SharedGround>();
  const drawn = areas.sharedWith(outlines.map((outline) => preparePolygon([outline])));
  const coded = written.flatMap((code) => {
    const area = Object.hasOwn(codes, code) ? codes[code] : undefined;
    const point = area === undefined ? undefined : areas.pointIn(area);
    return area !== undefined && point ? [{ area, point }] : [];
  });
  for (const place of [...drawn, ...coded]) if (!places.has(place.area)) places.set(place.area, place);
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
