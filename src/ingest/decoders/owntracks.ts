import { isNullIsland } from '../../gis/point.ts';
import type { StatusMessage } from '../device-message.ts';
import { topicPattern } from '../topic-pattern.ts';
import { parseJson } from './bounded-json.ts';
import { type Arrival, type Decoded, ignore, reject } from './decoded.ts';
import { stamp } from './device-clock.ts';
import type { Dialect, DialectTopic } from './dialect.ts';
import { ownTracksLocation, ownTracksLwt, ownTracksTransition, ownTracksTyped } from './payloads.ts';
import { positioned } from './terminal.ts';

const kilometresPerHour = 1 / 3.6;

/**
 * OwnTracks as its phone app sends it: `location` and `transition` (into or out of a region) are positions, `lwt` says it
 * is gone; a `waypoint` is a region somebody drew, and it and the rest are of no use here.
 */
export function decodeOwnTracks(arrival: Arrival): Decoded {
  const json = parseJson(arrival.payload);
  if (!json.ok) return reject(json.reason);
  if (ownTracksLwt.Check(json.value)) return gone(arrival);
  if (!ownTracksTyped.Check(json.value)) return reject('wrong-payload');
  switch (json.value._type) {
    case 'location':
      return located(arrival, json.value);
    case 'transition':
      return crossed(arrival, json.value);
    case 'waypoint':
    case 'waypoints':
      return ignore('owntracks-waypoint');
    default:
      return ignore('owntracks-other');
  }
}

/** The phone is known by the user name, else by its device name; regions have a topic below its own. */
const topics: readonly DialectTopic[] = ['', '/event', '/waypoint', '/waypoints'].map((rest) => ({
  pattern: topicPattern(`owntracks/{user}/{phone}${rest}`),
  speakers: (levels) => levels.slice(1, 3),
  decode: decodeOwnTracks,
}));

export const ownTracks: Dialect = { name: 'owntracks', topics };

/** The will was written when the phone connected: its `tst` says when that was, not when it left. */
function gone({ device, receivedAt }: Arrival): Decoded {
  const message: StatusMessage = { type: 'status', ...stamp(device, receivedAt, undefined), online: false };
  return { ok: true, message, measured: {} };
}

function located({ device, receivedAt }: Arrival, value: unknown): Decoded {
  if (!ownTracksLocation.Check(value)) return reject('wrong-payload');
  const { tst, lat, lon, acc, vel, cog, batt } = value;
  if (isNullIsland({ lat, lon })) return reject('null-island');
  return positioned({
    type: 'position',
    ...stamp(device, receivedAt, new Date(tst * 1_000)),
    point: { lat, lon },
    ...(acc !== undefined && { accuracy: acc }),
    ...(vel !== undefined && vel >= 0 && { speed: vel * kilometresPerHour }),
    ...(cog !== undefined && cog >= 0 && { heading: cog }),
    ...(batt !== undefined && { battery: batt }),
  });
}

/** Crossing the border of a region is being there at that moment; which region it was is the phone's business. */
function crossed({ device, receivedAt }: Arrival, value: unknown): Decoded {
  if (!ownTracksTransition.Check(value)) return reject('wrong-payload');
  const { tst, lat, lon, acc, event } = value;
  if (isNullIsland({ lat, lon })) return reject('null-island');
  const position = positioned({
    type: 'position',
    ...stamp(device, receivedAt, new Date(tst * 1_000)),
    point: { lat, lon },
    ...(acc !== undefined && { accuracy: acc }),
  });
  return { ...position, event: event === 'enter' ? 'owntracks-enter' : 'owntracks-leave' };
}
