import { type Alert, type MergeCause, type MergedPart, outranks, type Severity } from '../alert.ts';
import { isJam, jamTitle, standingOf } from '../jam.ts';

type Parts = readonly [MergedPart, ...MergedPart[]];
/** What people decide of an alert and what the store counts, whoever saw it. */
type Decided = Pick<Alert, 'seq' | 'version' | 'state'> & Partial<Alert>;

/** The alert with one more source: `child` is what that one would have raised by itself. */
export function mergedAlert(
  target: Alert,
  child: Alert,
  { because, seq }: { because: MergeCause; seq: number },
): Alert {
  const [own, ...others] = partsOf(target);
  const merged = combined(decidedOf(target, seq), [own, ...others, { ...partOf(child), because }]);
  const { snoozedUntil: _, ...awake } = merged;
  // What was put off is not what it was: whoever has it sees it again.
  return outranks(merged.severity, target.severity) ? awake : merged;
}

/** The alert after one of its parts has changed. */
export function withPart(target: Alert, child: Alert, seq: number): Alert {
  const [own, ...others] = partsOf(target);
  const replaced = others.map(({ because, ...part }) => ({
    ...(part.id === child.id ? partOf(child) : part),
    ...(because && { because }),
  }));
  return combined(decidedOf(target, seq), [own, ...replaced]);
}

/** The alert without that part, which is never to be merged with it again. */
export function withoutPart(target: Alert, part: string, { key, seq }: { key: string; seq: number }): Alert {
  const [own, ...others] = partsOf(target);
  const decided = { ...decidedOf(target, seq), apart: [...new Set([...(target.apart ?? []), key])] };
  return combined(decided, [own, ...others.filter(({ id }) => id !== part)]);
}

/** The part as the alert of its own that it is from now on: nobody's yet. */
export function separatedAlert(child: Alert, { key, seq, dueAt }: { key: string; seq: number; dueAt: string }): Alert {
  const { mergedInto: _into, ...own } = child;
  const apart = [...new Set([...(child.apart ?? []), key])];
  return { ...own, seq, version: child.version + 1, state: 'raised', apart, dueAt };
}

/** What the alert's own source saw, apart from what others did. */
export function soloAlert(alert: Alert): Alert {
  if (!alert.merged) return alert;
  const [own] = partsOf(alert);
  return alone({ ...decidedOf(alert, alert.seq), version: alert.version }, own);
}

/** The alert after its own source has seen it again, or lost it; the other parts stay as they are. */
export function changedOwn(alert: Alert, change: (own: Alert) => Alert): Alert {
  const own = change(soloAlert(alert));
  if (!alert.merged) return own;
  const [, ...others] = partsOf(alert);
  return combined(decidedOf(alert, own.seq), [partOf(own), ...others]);
}

/** All of it is over, though some of its sources never said so. */
export function endedWhole(alert: Alert, at: string, seq: number): Alert {
  const ended = { ...alert, seq, version: alert.version + 1, endedAt: at };
  return alert.merged ? { ...ended, merged: alert.merged.map((part) => ({ endedAt: at, ...part })) } : ended;
}

function partsOf(alert: Alert): Parts {
  const [own = partOf(alert), ...others] = alert.merged ?? [];
  return [own, ...others];
}

/** All that is not about deciding: what a source saw, and where. */
function partOf(alert: Alert): MergedPart {
  const { seq: _s, version: _v, state: _t, area: _a, mergedFrom: _f, merged: _m, mergedInto: _i, ...rest } = alert;
  const { apart: _p, pictureOf: _o, acknowledgedBy: _k, closedBy: _c, dismissReason: _r, dueAt: _d, ...part } = rest;
  const { incident: _n, escalation: _e, snoozedUntil: _z, silenced: _q, wakeAt: _w, ...seen } = part;
  return seen;
}

function decidedOf(alert: Alert, seq: number): Decided {
  const { version, state, area, apart, acknowledgedBy, closedBy, dismissReason, dueAt, incident } = alert;
  const { escalation, snoozedUntil } = alert;
  return {
    seq,
    version: version + 1,
    state,
    ...(area !== undefined && { area }),
    ...(apart && { apart }),
    ...(acknowledgedBy && { acknowledgedBy }),
    ...(closedBy && { closedBy }),
    ...(dismissReason !== undefined && { dismissReason }),
    ...(dueAt !== undefined && { dueAt }),
    ...(escalation && { escalation }),
    ...(snoozedUntil !== undefined && { snoozedUntil }),
    ...(incident !== undefined && { incident }),
  };
}

function alone(decided: Decided, { because: _because, ...own }: MergedPart): Alert {
  return { ...decided, ...closedEnd(own, decided), mergedFrom: [] };
}

/** A call for help leads and says what it is, and a jam that it is one; severity, time and picture are the most that any source has. */
function combined(decided: Decided, parts: Parts): Alert {
  const [own, ...others] = parts;
  if (others.length === 0) return alone(decided, own);
  const leading = leadOf(parts);
  const { because: _because, endedAt: _ended, box: _box, snapshot: _own, count: _count, ...lead } = leading;
  const picture = bestPicture(parts);
  const endedAt = parts.every((part) => part.endedAt !== undefined) ? latest(parts, 'endedAt') : undefined;
  return {
    ...firstNames(parts),
    ...decided,
    ...closedEnd({ ...lead, ...(endedAt !== undefined && { endedAt }) }, decided),
    id: own.id,
    severity: parts.map(({ severity }) => severity).reduce(higher),
    at: parts.map(({ at }) => at).reduce((a, b) => (a < b ? a : b)),
    lastSeenAt: latest(parts, 'lastSeenAt') ?? own.lastSeenAt,
    mergedFrom: others.map(({ id }) => id),
    merged: [...parts],
    ...togetherOf(parts, leading),
    snapshot: picture !== undefined,
    ...(picture?.box && { box: picture.box }),
    ...(picture && picture.id !== own.id && { pictureOf: picture.id }),
  };
}

const higher = (a: Severity, b: Severity) => (outranks(a, b) ? a : b);

/** Of vehicles that stand together one that still does. */
const leadOf = (parts: Parts): MergedPart =>
  parts.find(({ kind }) => kind === 'sos') ??
  parts.find(({ kind, endedAt }) => kind === 'vehicle-stopped' && endedAt === undefined) ??
  parts[0];

/** How many they are together, and what those that stand are called once they are a jam. */
function togetherOf(parts: Parts, lead: MergedPart): Partial<Pick<Alert, 'title' | 'count' | 'reasons'>> {
  if (lead.kind !== 'vehicle-stopped') return lead.count === undefined ? {} : { count: lead.count };
  const lasting = parts.filter(({ endedAt }) => endedAt === undefined);
  const { count, places } = standingOf(lasting.length > 0 ? lasting : parts);
  if (count < 2) return {};
  if (!isJam({ kind: lead.kind, count })) return { count };
  const total = { text: `同向车道共静止 ${count} 辆，${places} 处`, value: count, unit: '辆' };
  return { title: jamTitle(lead.why?.place.name ?? '公路', count), count, reasons: [total, ...lead.reasons] };
}

/** Who else saw it, where the lead names nobody of that sort: the wall shows that camera. */
function firstNames(parts: Parts): Partial<Pick<Alert, 'camera' | 'sensor' | 'unit'>> {
  const names = (['camera', 'sensor', 'unit'] as const).map((sort) => {
    const name = parts.find((part) => part[sort] !== undefined)?.[sort];
    return name === undefined ? {} : { [sort]: name };
  });
  return Object.assign({}, ...names);
}

/** Of those with a picture the one that shows most: the model's certainty times the size of the thing. */
function bestPicture(parts: Parts): MergedPart | undefined {
  const worth = ({ box }: MergedPart) => (box ? box.score * box.width * box.height : 0);
  const shown = parts.filter(({ snapshot }) => snapshot);
  return shown.toSorted((a, b) => worth(b) - worth(a))[0];
}

function latest(parts: Parts, field: 'endedAt' | 'lastSeenAt'): string | undefined {
  return parts.map((part) => part[field]).reduce((a, b) => (a !== undefined && b !== undefined && b < a ? a : b));
}

/** Nothing measures the end of an SOS: it lasts until somebody closed it. */
function closedEnd<T extends Pick<Alert, 'kind' | 'endedAt'>>(seen: T, { closedBy }: Decided): T {
  return seen.kind === 'sos' && closedBy && seen.endedAt === undefined ? { ...seen, endedAt: closedBy.at } : seen;
}
