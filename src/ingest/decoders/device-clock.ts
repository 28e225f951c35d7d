import type { Stamp } from '../device-message.ts';

/** Beyond this a device's clock is flagged. */
export const skewLimitMs = 5 * 60_000;
/** A device that was out of reach hands in what it kept; older than this it is its clock that is wrong. */
const backlogLimitMs = 7 * 24 * 3_600_000;

const rfc3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:)(\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** What nearly all devices say, and what `Date` reads by itself. */
const plain = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** RFC 3339 §5.6, the leap second included: it is the last millisecond of its minute, so that order is kept. */
export function parseTime(text: string): Date | undefined {
  if (plain.test(text)) return dateOf(text);
  const parts = rfc3339.exec(text);
  if (!parts) return undefined;
  const [, day, minutes, seconds, fraction = '', zone = ''] = parts;
  const leap = seconds === '60';
  return dateOf(`${day}T${minutes}${leap ? '59.999' : `${seconds}${fraction}`}${zone.toUpperCase()}`);
}

function dateOf(text: string): Date | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * When it happened. Both times are kept; one more than five minutes off is flagged, and one in the future or older than
 * any backlog gives way to the time of receipt: a clock in 2099 must not freeze its device's last position for ever.
 */
export function stamp(device: string, receivedAt: Date, claimed: Date | undefined): Stamp {
  if (!claimed) return { device, at: receivedAt, receivedAt };
  const aheadMs = claimed.getTime() - receivedAt.getTime();
  if (Math.abs(aheadMs) <= skewLimitMs) return { device, at: claimed, receivedAt };
  const believable = aheadMs < 0 && aheadMs > -backlogLimitMs;
  return { device, at: believable ? claimed : receivedAt, receivedAt, skewedAt: claimed };
}
