import type { ValueIssue } from '../../shared/check-value.ts';
import { isTimezone } from '../../shared/timezone.ts';
import type { DetectEntry, LineConfig, ZoneConfig } from './detect-config.ts';
import { hasArea, isOnePoint, selfCrosses } from './polygon-shape.ts';

type Path = readonly (string | number)[];

/** What the schema cannot say of a `detect:` that stands at `path`. */
export function detectIssues({ zones = [], lines = [], masks = [] }: DetectEntry, path: Path): ValueIssue[] {
  return [
    ...zones.flatMap((zone, index) => zoneIssues(zone, [...path, 'zones', index])),
    ...lines.flatMap((line, index) => lineIssues(line, [...path, 'lines', index])),
    ...masks.flatMap((mask, index) => polygonIssues(mask, [...path, 'masks', index])),
    ...repeated(zones, [...path, 'zones']),
    ...repeated(lines, [...path, 'lines']),
  ];
}

function zoneIssues({ polygon, rule, direction, count, schedule }: ZoneConfig, path: Path): ValueIssue[] {
  const directed = [...path, 'direction'];
  const isWrongWay = rule === 'wrong-way';
  return [
    ...polygonIssues(polygon, [...path, 'polygon']),
    ...when(
      isWrongWay && !direction,
      directed,
      'missing; rule: wrong-way needs [[x, y], [x, y]], the way traffic goes',
    ),
    ...when(!isWrongWay && direction !== undefined, directed, 'expected only with rule: wrong-way'),
    ...when(direction !== undefined && isOnePoint(direction), directed, 'expected two points apart from each other'),
    ...when(rule !== 'crowd' && count !== undefined, [...path, 'count'], 'expected only with rule: crowd'),
    ...scheduleIssues(schedule, [...path, 'schedule']),
  ];
}

function lineIssues({ points, rule, direction = 'both', schedule }: LineConfig, path: Path): ValueIssue[] {
  const isVague = rule === 'wrong-way' && direction === 'both';
  return [
    ...when(isOnePoint(points), [...path, 'points'], 'expected at least two points apart from each other'),
    ...when(
      isVague,
      [...path, 'direction'],
      'missing; rule: wrong-way needs the side that is against the traffic: left or right',
    ),
    ...scheduleIssues(schedule, [...path, 'schedule']),
  ];
}

function polygonIssues(polygon: ZoneConfig['polygon'], path: Path): ValueIssue[] {
  if (!hasArea(polygon)) return when(true, path, 'expected corners that do not lie on one line');
  return when(selfCrosses(polygon), path, 'expected edges that do not cross each other');
}

function scheduleIssues(schedule: ZoneConfig['schedule'], path: Path): ValueIssue[] {
  const { timezone } = schedule ?? {};
  const isUnknown = timezone !== undefined && !isTimezone(timezone);
  return when(isUnknown, [...path, 'timezone'], 'expected an IANA time zone, like Asia/Shanghai');
}

/** Two zones of one id would be one and the same event. */
function repeated(places: readonly { readonly id: string }[], path: Path): ValueIssue[] {
  return places.flatMap(({ id }, index) => {
    const isRepeated = places.findIndex((other) => other.id === id) < index;
    return when(isRepeated, [...path, index, 'id'], 'expected an id that no other of this camera has');
  });
}

/** Names of objects that the model does not know; `known` names what it does. */
export function objectIssues(
  { objects = [], zones = [], lines = [] }: DetectEntry,
  path: Path,
  known: ReadonlySet<string>,
): ValueIssue[] {
  const lists: [readonly string[], Path][] = [
    [objects, [...path, 'objects']],
    ...zones.map((zone, index): [readonly string[], Path] => [
      zone.objects ?? [],
      [...path, 'zones', index, 'objects'],
    ]),
    ...lines.map((line, index): [readonly string[], Path] => [
      line.objects ?? [],
      [...path, 'lines', index, 'objects'],
    ]),
  ];
  const message = `expected an object that the model knows, one of: ${[...known].join(', ')}`;
  return lists.flatMap(([names, at]) =>
    names.flatMap((name, index) => when(!known.has(name), [...at, index], message)),
  );
}

function when(isWrong: boolean, path: Path, message: string): ValueIssue[] {
  return isWrong ? [{ path, at: 'value', message }] : [];
}
