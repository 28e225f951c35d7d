import { type Static, Type } from 'typebox';
import type { ValueIssue } from '../../shared/check-value.ts';
import { incidentLimits, Severity } from '../incidents/incident.ts';
import { PlanDeadlines, WantedUnits } from '../incidents/incident-plan.ts';

const closed = { additionalProperties: false };
const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'an id of a-z, 0-9 and -' });
const Word = Type.String({ minLength: 1, maxLength: 64 });
const Words = Type.Optional(Type.Array(Word, { minItems: 1, maxItems: 64 }));
const Line = Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

/** When a plan is meant; what it leaves out it does not ask for. */
const PlanMatch = Type.Object(
  {
    kinds: Words,
    areas: Words,
    /** Nothing less urgent. */
    severity: Type.Optional(Severity),
    /** Between sunset and sunrise where it is, or not. */
    night: Type.Optional(Type.Boolean()),
    /** Metres: when the nearest station measures no more. */
    visibility: Type.Optional(Type.Number({ minimum: 1, maximum: 50_000 })),
  },
  closed,
);
export type PlanMatch = Readonly<Static<typeof PlanMatch>>;

const step = {
  id: Id,
  /** Minutes after the incident was opened until which it should be done. */
  after: Type.Optional(Type.Number({ minimum: 0, maximum: 43_200 })),
};

/** Done by the house itself, once. */
const automatic = [
  Type.Object(
    {
      ...step,
      do: Type.Literal('cameras'),
      nearest: Type.Integer({ minimum: 1, maximum: 16, default: 3 }),
    },
    closed,
  ),
  Type.Object({ ...step, do: Type.Literal('ptz'), camera: Word, preset: Word }, closed),
  Type.Object(
    {
      ...step,
      do: Type.Literal('notify'),
      departments: Type.Optional(Type.Array(Word, { minItems: 1, maxItems: incidentLimits.joint })),
      channels: Type.Optional(Type.Array(Word, { minItems: 1, maxItems: 16 })),
      text: Line,
    },
    closed,
  ),
] as const;

/** Left to people, who tick it off. */
const manual = [
  Type.Object({ ...step, do: Type.Literal('sign'), text: Line, place: Type.Optional(Line) }, closed),
  Type.Object({ ...step, do: Type.Literal('units'), ...WantedUnits.properties }, closed),
  Type.Object(
    { ...step, do: Type.Literal('timer'), after: Type.Number({ minimum: 0, maximum: 43_200 }), text: Line },
    closed,
  ),
  Type.Object(
    { ...step, do: Type.Literal('gate'), gate: Line, action: Type.Enum(['close', 'open'], { default: 'close' }) },
    closed,
  ),
  Type.Object({ ...step, do: Type.Literal('manual'), text: Line }, closed),
] as const;

export const PlanStep = Type.Union([...automatic, ...manual]);
export type PlanStep = Readonly<Static<typeof PlanStep>>;

/** One plan (预案): a file of `plans/`. */
export const PlanFile = Type.Object(
  {
    id: Id,
    name: Line,
    match: Type.Unsafe<PlanMatch>({ ...PlanMatch, default: {} }),
    deadlines: Type.Unsafe<Static<typeof PlanDeadlines>>({ ...PlanDeadlines, default: {} }),
    steps: Type.Array(PlanStep, { minItems: 1, maxItems: 64 }),
  },
  closed,
);
export type Plan = Readonly<Static<typeof PlanFile>>;

/** Where a plan leaves a deadline out (DESIGN §4). */
export const defaultPlanMinutes = { acknowledge: 1, handle: 3, report: 15, supervise: 30 } as const;

/** What a plan may speak of; an empty set of skills is that of a site without units, where nothing is known. */
export interface PlanWorld {
  readonly areas: ReadonlySet<string>;
  readonly skills: ReadonlySet<string>;
  readonly cameras: ReadonlySet<string>;
  readonly channels: ReadonlySet<string>;
}

/** What no schema can say: each step's id stands once, and all it names exists. */
export function planIssues({ match, steps }: Plan, world: PlanWorld): ValueIssue[] {
  const areas = unknown(['match', 'areas'], match.areas, { known: world.areas, what: 'the id of an area' });
  const ofSteps = steps.flatMap((one, index): ValueIssue[] => {
    const isRepeated = steps.findIndex(({ id }) => id === one.id) < index;
    const repeated = issue(['steps', index, 'id'], 'expected an id that no other step of the plan has');
    return [...(isRepeated ? [repeated] : []), ...stepIssues(one, ['steps', index], world)];
  });
  return [...areas, ...ofSteps];
}

type Path = readonly (string | number)[];

function stepIssues(one: PlanStep, path: Path, { skills, cameras, channels }: PlanWorld): ValueIssue[] {
  switch (one.do) {
    case 'units':
      return skills.size === 0
        ? []
        : unknown([...path, 'skills'], one.skills, { known: skills, what: 'a skill that a unit has' });
    case 'ptz':
      return cameras.has(one.camera) ? [] : [issue([...path, 'camera'], 'expected the id of a camera')];
    case 'notify':
      if (!one.departments && !one.channels) return [issue(path, 'expected departments, channels or both')];
      return unknown([...path, 'channels'], one.channels, { known: channels, what: 'the id of a webhook of channels' });
    default:
      return [];
  }
}

interface Known {
  readonly known: ReadonlySet<string>;
  readonly what: string;
}

function unknown(path: Path, names: readonly string[] = [], { known, what }: Known): ValueIssue[] {
  return names.flatMap((name, index) => (known.has(name) ? [] : [issue([...path, index], `expected ${what}`)]));
}

const issue = (path: Path, message: string): ValueIssue => ({ path, at: 'value', message });
