import { isNullIsland } from '../../gis/point.ts';
import type { StatusMessage } from '../device-message.ts';
import { parseJson } from './bounded-json.ts';
import { type Arrival, type Decoded, reject } from './decoded.ts';
import { stamp } from './device-clock.ts';
import { ownTracksLocation, ownTracksLwt, ownTracksTyped } from './payloads.ts';
import { positioned } from './terminal.ts';

const kilometresPerHour = 1 / 3.6;

/** OwnTracks as its phone app sends it: `location` is a position, `lwt` says it is gone, the rest is of no use here. */
export function decodeOwnTracks(arrival: Arrival): Decoded {
  const json = parseJson(arrival.payload);
  if (!json.ok) return reject(json.reason);
  if (ownTracksLwt.Check(json.value)) return gone(arrival);
  if (!ownTracksTyped.Check(json.value)) return reject('wrong-payload');
  if (json.value._type !== 'location') return { ok: false, reason: 'owntracks-other', ignored: true };
  return located(arrival, json.value);
}

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
