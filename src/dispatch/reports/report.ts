import { type Static, Type } from 'typebox';

/** From one moment of an incident to the next, in order. */
export const reportSteps = ['acknowledge', 'dispatch', 'accept', 'arrive', 'close'] as const;
export type ReportStep = (typeof reportSteps)[number];

/** How long each may take, seconds: what the plans' deadlines are unless somebody says otherwise. */
export const targetSeconds: Readonly<Record<ReportStep, number>> = {
  acknowledge: 60,
  dispatch: 180,
  accept: 60,
  arrive: 900,
  close: 1_800,
};

const counts = { received: Type.Integer(), closed: Type.Integer(), overdue: Type.Integer() };
export const Counts = Type.Object(counts);
export type Counts = Static<typeof Counts>;

/** How long a step took; null where nobody has taken it. */
export const StepTimes = Type.Object({
  step: Type.Enum([...reportSteps]),
  count: Type.Integer(),
  medianSeconds: Type.Union([Type.Number(), Type.Null()]),
  p90Seconds: Type.Union([Type.Number(), Type.Null()]),
  targetSeconds: Type.Number(),
  /** 0 to 1. */
  withinTarget: Type.Union([Type.Number(), Type.Null()]),
});
export type StepTimes = Static<typeof StepTimes>;

/** Of the alerts that somebody decided on, the share that was none. */
export const FalseAlarms = Type.Object({
  kind: Type.String(),
  camera: Type.Union([Type.String(), Type.Null()]),
  raised: Type.Integer(),
  confirmed: Type.Integer(),
  dismissed: Type.Integer(),
  rate: Type.Union([Type.Number(), Type.Null()]),
});
export type FalseAlarms = Static<typeof FalseAlarms>;

/**
 * A day or a week of work. `received`, `overdue` and the times are of what was received in it, `closed` of what was closed
 * in it.
 */
export const Report = Type.Object({
  period: Type.String(),
  from: Type.String(),
  to: Type.String(),
  zone: Type.String(),
  /** False when there was more than a report counts. */
  complete: Type.Boolean(),
  incidents: Counts,
  times: Type.Array(StepTimes),
  areas: Type.Array(Type.Object({ area: Type.Union([Type.String(), Type.Null()]), ...counts })),
  departments: Type.Array(Type.Object({ department: Type.Union([Type.String(), Type.Null()]), ...counts })),
  falseAlarms: Type.Array(FalseAlarms),
});
export type Report = Static<typeof Report>;
