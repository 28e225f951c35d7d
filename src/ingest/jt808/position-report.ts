import { type Datum, toWgs84 } from '../../gis/datum.ts';
import { type GeoPoint, isNullIsland } from '../../gis/point.ts';
import type { RejectReason } from '../decoders/decoded.ts';
import { parseTime } from '../decoders/device-clock.ts';

/** Where a terminal is and how it moves. */
export interface Motion {
  readonly point: GeoPoint;
  /** Metres a second. */
  readonly speed?: number;
  /** Degrees from north, clockwise. */
  readonly heading?: number;
}

export type ReportedFix =
  | { readonly ok: true; readonly motion: Motion }
  | { readonly ok: false; readonly reason: RejectReason };

/** Additional items that we know. */
export interface Additions {
  /** Metres. */
  readonly mileage?: number;
  /** As the terminal counts it: the standard names no unit. */
  readonly signal?: number;
}

/** What a position report (0x0200, or one of a 0x0704) says. */
export interface PositionReport {
  /** Alarm bit 0: the button is on. It counts whatever else is wrong. */
  readonly emergency: boolean;
  /** False for one that is cut short: nothing of it counts but the alarm. */
  readonly isWhole: boolean;
  readonly claimed: Date | undefined;
  readonly fix: ReportedFix;
  readonly additions: Additions;
}

const basicBytes = 28;
const emergencyBit = 1;
const status = { located: 1 << 1, south: 1 << 2, west: 1 << 3 } as const;
const millionths = 1e-6;
const tenthsOfKilometresPerHour = 1 / 36;
const metersOfMileage = 100;
/** What other terminals may claim too; above it a field is noise. */
const fastestMetersPerSecond = 200;

/** Never throws: of a report that is cut short the alarm is still read. */
export function parseReport(body: Buffer, datum: Datum): PositionReport {
  const emergency = body.length >= 4 && (body.readUInt32BE(0) & emergencyBit) !== 0;
  if (body.length < basicBytes)
    return {
      emergency,
      isWhole: false,
      claimed: undefined,
      fix: { ok: false, reason: 'wrong-payload' },
      additions: {},
    };
  const claimed = parseBcdTime(body.subarray(22, basicBytes));
  return {
    emergency,
    isWhole: true,
    claimed,
    fix: fixOf(body, datum),
    additions: additionsOf(body.subarray(basicBytes)),
  };
}

function fixOf(body: Buffer, datum: Datum): ReportedFix {
  const bits = body.readUInt32BE(4);
  const lat = body.readUInt32BE(8) * millionths * (bits & status.south ? -1 : 1);
  const lon = body.readUInt32BE(12) * millionths * (bits & status.west ? -1 : 1);
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return { ok: false, reason: 'wrong-payload' };
  if (isNullIsland({ lat, lon })) return { ok: false, reason: 'null-island' };
  if (!(bits & status.located)) return { ok: false, reason: 'no-fix' };
  const speed = body.readUInt16BE(18) * tenthsOfKilometresPerHour;
  const heading = body.readUInt16BE(20);
  const motion = {
    point: toWgs84({ lat, lon, datum }),
    ...(speed <= fastestMetersPerSecond && { speed }),
    ...(heading <= 360 && { heading }),
  };
  return { ok: true, motion };
}

/** Items of one byte of name, one of length, then the value; those we do not know are passed over. */
function additionsOf(items: Buffer): Additions {
  let found: Additions = {};
  for (let at = 0; at + 2 <= items.length; at += 2 + items.readUInt8(at + 1)) {
    const value = items.subarray(at + 2, at + 2 + items.readUInt8(at + 1));
    found = { ...found, ...additionOf(items.readUInt8(at), value) };
  }
  return found;
}

function additionOf(name: number, value: Buffer): Additions {
  if (name === 0x01 && value.length === 4) return { mileage: value.readUInt32BE(0) * metersOfMileage };
  return name === 0x30 && value.length === 1 ? { signal: value.readUInt8(0) } : {};
}

/** YYMMDDhhmmss in the time of Beijing; undefined for one that no calendar has. */
function parseBcdTime(bytes: Buffer): Date | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(bytes.toString('hex')) ?? [];
  const date = parseTime(`20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`);
  // JavaScript takes 30 February for 2 March.
  const isReal = date !== undefined && new Date(date.getTime() + 8 * 3_600_000).getUTCDate() === Number(day);
  return isReal ? date : undefined;
}
