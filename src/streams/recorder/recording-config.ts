import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const days = Type.Number({
  exclusiveMinimum: 0,
  maximum: 3_650,
  description: 'how many days recordings are kept, more than 0, up to 3650',
});

/** `record:` of a camera in cameras.yaml. */
export const RecordEntry = Type.Union(
  [
    Type.Boolean(),
    Type.Enum(['continuous', 'alert']),
    Type.Object({ mode: Type.Enum(['continuous', 'alert']), days: Type.Optional(days) }, closed),
  ],
  { description: 'true or continuous, alert, false, or {mode, days}' },
);
export type RecordEntry = Static<typeof RecordEntry>;

/** How a camera is recorded: all the time, or around its alerts only. `days` only when it has its own. */
export interface RecordConfig {
  readonly mode: 'continuous' | 'alert';
  readonly days?: number;
}

/** Undefined for a camera that is not recorded. */
export function resolveRecord(entry: RecordEntry | undefined): RecordConfig | undefined {
  if (entry === undefined || entry === false) return undefined;
  if (typeof entry === 'object') return entry;
  return { mode: entry === true ? 'continuous' : entry };
}

/** `video.recording` of tianliang.yaml. */
export const RecordingConfig = Type.Object(
  {
    directory: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'the folder recordings go to; recordings/ in the data folder without it',
      }),
    ),
    maxDiskPercent: Type.Number({
      minimum: 1,
      maximum: 99,
      default: 85,
      description: 'how full the disk may become, in percent, before the oldest recordings go, 1 to 99',
    }),
    days: Type.Number({ ...days, default: 3 }),
    /** Off unless somebody decides that voices are to be kept. AAC costs nothing; G.711 is made AAC by a process of its own for each camera that is recorded. */
    sound: Type.Enum(['aac', 'all', 'off'], {
      default: 'off',
      description: 'aac (sound that comes as AAC), all (G.711 too, a process a camera) or off',
    }),
  },
  { ...closed, default: {}, description: 'how long recordings are kept, and where' },
);
export type RecordingConfig = Readonly<Static<typeof RecordingConfig>>;
