import { elements, text, type XmlNode } from '../../shared/xml.ts';
import { type Outline, readCircle, readPolygon } from './cap-shape.ts';
import { later, readTime } from './cap-time.ts';

export const capSeverities = ['Extreme', 'Severe', 'Moderate', 'Minor', 'Unknown'] as const;
export const capUrgencies = ['Immediate', 'Expected', 'Future', 'Past', 'Unknown'] as const;
export const capCertainties = ['Observed', 'Likely', 'Possible', 'Unlikely', 'Unknown'] as const;
export type CapSeverity = (typeof capSeverities)[number];
export type CapUrgency = (typeof capUrgencies)[number];
export type CapCertainty = (typeof capCertainties)[number];

/** One thing a message warns of: what, how bad, from when to when, and where. */
export interface Notice {
  readonly event: string;
  readonly headline?: string;
  /** The agency as people know it. */
  readonly sender?: string;
  readonly severity: CapSeverity;
  readonly urgency: CapUrgency;
  readonly certainty: CapCertainty;
  /** Its onset, else when it takes effect, else when it was sent. */
  readonly from: string;
  readonly until: string;
  /** What the clocks of who wrote it are ahead of UTC, minutes: people there read its times by them. */
  readonly zoneMinutes: number;
  readonly outlines: readonly Outline[];
  /** Values of geocodes, like 520500. */
  readonly codes: readonly string[];
}

/** A warning that does not say when it ends holds so long after it was sent. */
const withoutEndMs = 86_400_000;
const most = { notices: 50, outlines: 256, codes: 2_000 } as const;
const longest = { event: 100, headline: 300, sender: 200, code: 64 } as const;

/** When the message was sent, and by which clocks. */
export interface Sent {
  readonly at: string;
  readonly zoneMinutes: number;
}

/** The `info` elements of one language as notices (CAP 1.2 §3.2.2); none of those that say the danger is over. */
export function readNotices(infos: readonly XmlNode[], sent: Sent): Notice[] {
  const chosen = ofOneLanguage(infos).slice(0, most.notices);
  return chosen.filter((info) => !isOver(info)).flatMap((info) => readNotice(info, sent));
}

/** Chinese when there is any, else English, else the language that comes first. */
function ofOneLanguage(infos: readonly XmlNode[]): XmlNode[] {
  // A language left out is en-US.
  const languageOf = (info: XmlNode) => (text(info, 'language') ?? 'en-US').toLowerCase();
  const languages = infos.map(languageOf);
  const first = (matches: (language: string) => boolean) => languages.find(matches);
  const chinese = first((language) => language === 'zh-cn') ?? first((language) => /^zh\b/.test(language));
  const chosen = chinese ?? first((language) => /^en\b/.test(language)) ?? languages[0];
  return infos.filter((info) => languageOf(info) === chosen);
}

function isOver(info: XmlNode): boolean {
  return text(info, 'urgency') === 'Past' || elements(info, 'responseType').some((type) => text(type) === 'AllClear');
}

function readNotice(info: XmlNode, sent: Sent): Notice[] {
  const event = text(info, 'event')?.slice(0, longest.event);
  if (event === undefined) return [];
  const headline = text(info, 'headline')?.slice(0, longest.headline);
  const sender = text(info, 'senderName')?.slice(0, longest.sender);
  return [
    {
      event,
      ...(headline !== undefined && { headline }),
      ...(sender !== undefined && { sender }),
      severity: oneOf(capSeverities, text(info, 'severity')),
      urgency: oneOf(capUrgencies, text(info, 'urgency')),
      certainty: oneOf(capCertainties, text(info, 'certainty')),
      from: readTime(text(info, 'onset')) ?? readTime(text(info, 'effective')) ?? sent.at,
      until: readTime(text(info, 'expires')) ?? later(sent.at, withoutEndMs),
      zoneMinutes: sent.zoneMinutes,
      ...groundOf(elements(info, 'area')),
    },
  ];
}

/** What the standard does not know is as good as unknown. */
function oneOf<T extends string>(known: readonly T[], written: string | undefined): T | 'Unknown' {
  return known.find((name) => name === written) ?? 'Unknown';
}

/** Where the `area` elements say it holds; an outline that cannot be read is left out. */
function groundOf(areas: readonly XmlNode[]): Pick<Notice, 'outlines' | 'codes'> {
  const all = (name: string) => areas.flatMap((area) => elements(area, name));
  const drawn = [
    ...all('polygon').map((polygon) => readPolygon(text(polygon) ?? '')),
    ...all('circle').map((circle) => readCircle(text(circle) ?? '')),
  ];
  const outlines = drawn.filter((outline) => outline !== undefined);
  const codes = all('geocode').flatMap((geocode) => text(geocode, 'value')?.slice(0, longest.code) ?? []);
  return { outlines: outlines.slice(0, most.outlines), codes: [...new Set(codes)].slice(0, most.codes) };
}
