import type { Reason } from '../../shared/reason.ts';
import { hoursTexts, isWithin, type WeekClocks } from '../../shared/weekly-hours.ts';
import type { RejectCause } from './candidate.ts';
import { durationText, kindNames } from './candidate-words.ts';
import type { Sendable } from './sendable.ts';
import type { Wanted } from './wanted.ts';

/** What is asked of every unit. */
export interface Asked {
  readonly wanted: Wanted;
  /** Of the place. */
  readonly area: string | undefined;
  /** What people call an area. */
  readonly areaName: (id: string) => string;
  readonly at: Date;
  readonly clocks: WeekClocks;
  /** A position older than this tells nothing. */
  readonly oldPositionMs: number;
}

/** One thing that speaks for a unit, or against it. */
export interface Finding {
  readonly reason: Reason;
  readonly rejected?: RejectCause;
}

/** Everything about a unit but its way; what weighs most against it first. */
export function findingsOf(unit: Sendable, asked: Asked): Finding[] {
  const findings: Finding[] = [];
  for (const look of looks) {
    const finding = look(unit, asked);
    if (finding) findings.push(finding);
  }
  return findings;
}

type Look = (unit: Sendable, asked: Asked) => Finding | undefined;

const against = (rejected: RejectCause, reason: Reason): Finding => ({ rejected, reason });

const statusOf: Look = ({ status, online }) => {
  switch (status) {
    case 'off':
      return against('never-heard', { text: '终端从未上线' });
    case 'en_route':
      return against('busy', { text: '正在赶往另一处现场' });
    case 'on_scene':
      return against('busy', { text: '正在另一处现场处置' });
    case 'free':
      return online ? { reason: { text: '空闲' } } : against('offline', { text: '终端离线' });
  }
};

const positionOf: Look = ({ seen }, { at, oldPositionMs }) => {
  if (!seen) return against('no-position', { text: '从未报过位置' });
  const [value, limit] = [at.getTime() - seen.at.getTime(), oldPositionMs].map((ms) => Math.round(ms / 1_000));
  if (value === undefined || limit === undefined || value <= limit) return undefined;
  const text = `位置为 ${durationText(value)}前上报，门限 ${durationText(limit)}`;
  return against('old-position', { text, value, limit, unit: 's' });
};

const shiftOf: Look = ({ shift }, { at, clocks }) => {
  if (!shift) return undefined;
  const when = hoursTexts(shift).join(' ') || '全天';
  return isWithin(shift, clocks.read(at, shift.timezone))
    ? { reason: { text: `在班（${when}）` } }
    : against('off-shift', { text: `不在班（${when}）` });
};

const kindOf: Look = ({ kind }, { wanted: { kinds } }) => {
  if (!kinds || kinds.length === 0 || kinds.includes(kind)) return undefined;
  const needed = kinds.map((each) => kindNames[each]).join('、');
  return against('kind', { text: `属${kindNames[kind]}，需${needed}` });
};

const skillsOf: Look = ({ skills: own }, { wanted: { skills = [] } }) => {
  if (skills.length === 0) return undefined;
  const missing = skills.filter((skill) => !own.includes(skill));
  if (missing.length === 0) return { reason: { text: `具备 ${skills.join('、')}` } };
  const [value, limit] = [skills.length - missing.length, skills.length];
  return against('skills', { text: `缺 ${missing.join('、')}`, value, limit });
};

const areaOf: Look = ({ area: own }, { wanted: { areas = [] }, area, areaName }) => {
  const isOf = own === undefined ? '无辖区' : `属辖区 ${areaName(own)}`;
  if (areas.length > 0 && !(own !== undefined && areas.includes(own)))
    return against('area', { text: `${isOf}，需 ${areas.map(areaName).join('、')}` });
  if (own === undefined || area === undefined) return undefined;
  return { reason: { text: own === area ? '本辖区' : `跨辖区：${isOf}，现场在 ${areaName(area)}` } };
};

const looks: readonly Look[] = [statusOf, positionOf, shiftOf, kindOf, skillsOf, areaOf];
