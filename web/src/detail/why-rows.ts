import type { WeatherMeasure, Why } from '../api/shapes.ts';
import type { MessageKey } from '../words/zh-cn.ts';

/** One line of what fired an alert: what it is, and what it was. */
export interface WhyRow {
  readonly label: MessageKey;
  readonly text: string;
}

type Say = (key: MessageKey, values?: Record<string, unknown>) => string;

/** What fired the alert, in the order in which a seat asks for it. */
export function whyRows(why: Why, t: Say): WhyRow[] {
  const { place, dwell, limits } = why;
  return [
    { label: 'fired.rule', text: t(`fired.rules.${why.rule}`) },
    { label: place.type === 'zone' ? 'fired.zone' : 'fired.line', text: named(place) },
    { label: 'fired.dwell', text: `${dwell} s，${t('detail.limit', { limit: `${limits.dwell} s` })}` },
    ...(limits.count === undefined ? [] : [{ label: 'fired.count' as const, text: counted(why, t) }]),
    { label: 'fired.things', text: thingsText(why, t) },
    { label: 'fired.limits', text: limitsText(why, t) },
    ...(why.schedule ? [{ label: 'fired.schedule' as const, text: scheduleText(why.schedule, t) }] : []),
    ...(why.weather ? [{ label: 'fired.weather' as const, text: weatherText(why.weather, t) }] : []),
  ];
}

function named({ id, name }: Why['place']): string {
  return name.includes(id) ? name : `${name}（${id}）`;
}

function counted({ things, moreThings = 0, limits }: Why, t: Say): string {
  return `${things.length + moreThings}，${t('detail.limit', { limit: limits.count })}`;
}

function thingsText({ things, moreThings = 0 }: Why, t: Say): string {
  const told = things.map(({ label, score, seconds }) => `${label} ${score}（${seconds} s）`);
  return [...told, ...(moreThings > 0 ? [t('fired.more', { count: moreThings })] : [])].join('，');
}

function limitsText({ limits }: Why, t: Say): string {
  return [
    limits.objects.join(' '),
    t('fired.score', { score: limits.score }),
    ...(limits.minSize > 0 ? [t('fired.minSize', { percent: Math.round(limits.minSize * 1000) / 10 })] : []),
    ...(limits.cooldown > 0 ? [t('fired.cooldown', { seconds: limits.cooldown })] : []),
  ].join('，');
}

function scheduleText({ when, weekdays, hours, sun }: NonNullable<Why['schedule']>, t: Say): string {
  const days = weekdays.map((day) => t(`fired.days.${day}`)).join(' ');
  return [t(`fired.when.${when}`), days, hours.join(' '), t('fired.sun', { degrees: sun })].filter(Boolean).join('，');
}

const weatherUnits: readonly (readonly [WeatherMeasure, string])[] = [
  ['visibility', 'm'],
  ['rain', 'mm/h'],
  ['snow', 'mm/h'],
  ['wind', 'm/s'],
  ['temperature', '°C'],
];

function weatherText(weather: NonNullable<Why['weather']>, t: Say): string {
  const measured = weatherUnits.flatMap(([measure, unit]) => {
    const value = weather[measure];
    return value === undefined ? [] : [t(`fired.measures.${measure}`, { value: `${value} ${unit}` })];
  });
  const { station, meters } = weather;
  return t('fired.measured', { values: measured.join('，'), station, meters });
}
