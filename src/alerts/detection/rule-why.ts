import { sunElevation } from '../../gis/sun.ts';
import type { Why } from '../why.ts';
import { round } from './rules/reason-texts.ts';
import type { RuleChoice } from './rules/standing-rule.ts';
import type { Track } from './tracker.ts';
import { type Corner, lineName, zoneName } from './zone.ts';
import type { Trespass } from './zone-observation.ts';

const mostThings = 8;
const mostObjects = 16;

/** All that fired the rule, to be read again when nobody remembers. */
export function whyOf({ rule, offence, at, minScore }: Trespass): Why {
  const { choice, schedule, place } = rule;
  const { policy } = choice;
  const { dwellMs, tracks } = offence;
  return {
    rule: choice.rule,
    at: at.toISOString(),
    place: drawn(choice),
    things: tracks.slice(0, mostThings).map((track) => thingOf(track)),
    ...(tracks.length > mostThings && { moreThings: tracks.length - mostThings }),
    dwell: seconds(dwellMs),
    limits: {
      objects: policy.objects.slice(0, mostObjects),
      score: minScore,
      dwell: seconds(policy.dwellMs),
      minSize: policy.minSize,
      cooldown: seconds(policy.cooldownMs),
      clear: seconds(policy.clearMs),
      ...limitsOf(choice),
    },
    ...(schedule && {
      schedule: {
        when: schedule.when ?? 'always',
        weekdays: [...(schedule.weekdays ?? [])],
        hours: [...(schedule.hours ?? [])],
        sun: round(sunElevation(at, place), 1),
      },
    }),
  };
}

function drawn({ policy }: RuleChoice): Why['place'] {
  if ('zone' in policy) {
    const { zone } = policy;
    return { type: 'zone', id: zone.id, name: zoneName(zone), points: zone.polygon.map(shortened) };
  }
  const { line } = policy;
  return { type: 'line', id: line.id, name: lineName(line), points: line.points.map(shortened) };
}

function limitsOf(choice: RuleChoice): Pick<Why['limits'], 'count' | 'direction'> {
  switch (choice.rule) {
    case 'crowd':
      return { count: choice.policy.count };
    case 'wrong-way': {
      const [from, to] = choice.policy.direction;
      return { direction: [shortened(from), shortened(to)] };
    }
    case 'crossing':
    case 'wrong-way-line':
      return { direction: choice.policy.line.direction ?? 'both' };
    default:
      return {};
  }
}

function thingOf({ label, score, box, firstAt, lastAt }: Track): Why['things'][number] {
  const [x, y] = shortened([box.x, box.y]);
  const [width, height] = shortened([box.width, box.height]);
  return { label: label.slice(0, 40), score: round(score, 2), seconds: seconds(lastAt - firstAt), x, y, width, height };
}

const seconds = (ms: number) => round(ms / 1_000, 1);

/** Three digits are less than a pixel off in any picture we decode. */
function shortened([x, y]: Corner): [number, number] {
  return [round(x, 3), round(y, 3)];
}
