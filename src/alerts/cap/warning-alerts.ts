import type { SharedGround } from '../../gis/areas.ts';
import type { Reason } from '../../shared/reason.ts';
import { outranks, type Severity } from '../alert.ts';
import type { Observation } from '../observation.ts';
import type { CapCertainty, CapSeverity, CapUrgency } from './cap-notice.ts';
import { clockTime } from './cap-time.ts';
import type { PlacedNotice, Warning } from './warning.ts';

const severityOf: Record<CapSeverity, Severity> = {
  Extreme: 'critical',
  Severe: 'major',
  Moderate: 'minor',
  Minor: 'info',
  Unknown: 'info',
};

const severityWords: Record<CapSeverity, string> = {
  Extreme: '特别严重',
  Severe: '严重',
  Moderate: '较重',
  Minor: '一般',
  Unknown: '未知',
};
const urgencyWords: Record<CapUrgency, string> = {
  Immediate: '立即',
  Expected: '即将',
  Future: '稍后',
  Past: '已过',
  Unknown: '未知',
};
const certaintyWords: Record<CapCertainty, string> = {
  Observed: '已发生',
  Likely: '很可能',
  Possible: '可能',
  Unlikely: '不太可能',
  Unknown: '未知',
};

export const alertSeverity = ({ severity }: PlacedNotice): Severity => severityOf[severity];

/** What holds of a warning at that moment. */
export function noticesInForce({ notices }: Warning, now: Date): PlacedNotice[] {
  const at = now.toISOString();
  return notices.filter(({ from, until }) => from <= at && at < until);
}

/** The same for every message of the warning. */
export function warningKey({ id }: Warning, area: string): string {
  return `warning:${id}:${area}`;
}

/** A notice in one of our areas. */
interface Local {
  readonly notice: PlacedNotice;
  readonly place: SharedGround;
}

/** The alert that each of our areas must have of the warning at that moment; no entry for an area that needs none. */
export function wantedAlerts(warning: Warning, now: Date): Map<string, Observation> {
  const worst = new Map<string, Local>();
  for (const notice of noticesInForce(warning, now)) {
    for (const place of notice.places) {
      const known = worst.get(place.area);
      if (!known || outranks(alertSeverity(notice), alertSeverity(known.notice)))
        worst.set(place.area, { notice, place });
    }
  }
  return new Map([...worst].map(([area, local]) => [area, observationOf(warning, local, now)]));
}

function observationOf(warning: Warning, { notice, place: { area, point } }: Local, now: Date): Observation {
  return {
    key: warningKey(warning, area),
    kind: 'weather-warning',
    severity: alertSeverity(notice),
    declared: true,
    at: now,
    position: point,
    title: titleOf(notice),
    reasons: reasonsOf(warning, notice),
    area,
  };
}

const longestTitle = 24;

/** As short as people say it, 大雾橙色预警: what is behind 发布 in the headline, the headline itself, or the event. */
export function titleOf({ headline = '', event }: Pick<PlacedNotice, 'headline' | 'event'>): string {
  const issued = /发布[\s[【“]*([^\s\]】”]+?预警)/.exec(headline)?.[1];
  const short = [issued, headline].find((text) => text && text.length <= longestTitle);
  return short ?? event.slice(0, longestTitle);
}

function reasonsOf({ id }: Warning, notice: PlacedNotice): Reason[] {
  const { event, headline, zoneMinutes, from, until } = notice;
  const source = notice.sender ?? id.split(',')[0] ?? id;
  const words = [severityWords[notice.severity], urgencyWords[notice.urgency], certaintyWords[notice.certainty]];
  return [
    { text: headline === undefined || headline === event ? event : `${event}：${headline}`, source },
    { text: `等级 ${words[0]}，紧迫 ${words[1]}，把握 ${words[2]}`, source },
    { text: `有效 ${clockTime(from, zoneMinutes)} 至 ${clockTime(until, zoneMinutes)}`, source },
  ];
}
