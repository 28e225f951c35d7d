const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** A CAP time as RFC 3339 UTC; undefined for anything else, and for a time without its zone: it could mean any hour. */
export function readTime(written: string | undefined): string | undefined {
  if (written === undefined || !pattern.test(written)) return undefined;
  const at = new Date(written.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** What the clock of a CAP time is ahead of UTC, minutes. */
export function readZoneMinutes(written: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)$/.exec(written) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** A time as people with such clocks write it, 11-26 09:00. */
export function clockTime(time: string, zoneMinutes: number): string {
  return later(time, zoneMinutes * 60_000)
    .slice(5, 16)
    .replace('T', ' ');
}

/** So long after a time. */
export function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}
