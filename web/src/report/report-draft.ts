import type { IncidentSource } from '../api/incident-shapes.ts';
import type { Carriageway, Position, Severity } from '../api/shapes.ts';
import { atStake, type RoadLine } from '../road/road-line.ts';
import { stakeMeters } from '../road/stake.ts';

/** What the form holds; empty fields are left out of the report. */
export interface ReportDraft {
  source: IncidentSource;
  reference: string;
  kind: string;
  title: string;
  text: string;
  severity: Severity;
  place: string;
  road: string;
  stake: string;
  carriageway: Carriageway | '';
  position: Position | undefined;
}

export const emptyDraft = (): ReportDraft => ({
  source: 'call-110',
  reference: '',
  kind: 'report',
  title: '',
  text: '',
  severity: 'minor',
  place: '',
  road: '',
  stake: '',
  carriageway: '',
  position: undefined,
});

/** What a person takes from a caller; alerts and patrols report by themselves. */
export const reportedBy = ['call-110', 'hotline', 'grid', 'seat'] as const;

/** The body of POST /incidents. */
export function reportOf(draft: ReportDraft): Record<string, unknown> {
  const { position, ...words } = draft;
  const filled = Object.entries(words).filter(([, text]) => text.trim() !== '');
  return {
    ...Object.fromEntries(filled.map(([name, text]) => [name, text.trim()])),
    ...(position && { position: { lat: position.lat, lon: position.lon } }),
  };
}

/** Where to look for the same one; nobody can say without a point. */
export function similarQuery(draft: ReportDraft, lines: readonly RoadLine[]): string | undefined {
  const at = draft.position ?? stakePoint(draft, lines);
  if (!at || draft.kind.trim() === '') return undefined;
  return `kind=${encodeURIComponent(draft.kind.trim())}&lat=${at.lat}&lon=${at.lon}`;
}

function stakePoint({ road, stake }: ReportDraft, lines: readonly RoadLine[]): Position | undefined {
  const meters = stakeMeters(stake);
  const line = lines.find((one) => one.road === road);
  return meters === undefined || !line ? undefined : atStake(line, meters);
}
