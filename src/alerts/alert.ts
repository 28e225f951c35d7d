import { type Static, Type } from 'typebox';
import { Reason } from '../shared/reason.ts';
import { Why } from './why.ts';

/** What can need somebody, from DESIGN §4. */
export const alertKinds = [
  'person-on-road',
  'person-in-zone',
  'animal',
  'two-wheeler',
  'vehicle-in-zone',
  'line-crossed',
  'vehicle-stopped',
  'wrong-way',
  'crowd',
  'object-left',
  'low-visibility',
  'ice',
  'strong-wind',
  'measurement',
  'sensor-fault',
  'sos',
  'report',
  'camera-fault',
  'weather-warning',
] as const;
export const AlertKind = Type.Enum([...alertKinds]);
export type AlertKind = (typeof alertKinds)[number];

/** From the least to the most urgent. */
export const severities = ['info', 'minor', 'major', 'critical'] as const;
export const Severity = Type.Enum([...severities]);
export type Severity = (typeof severities)[number];

export const alertStates = ['raised', 'acknowledged', 'confirmed', 'dismissed'] as const;
export const AlertStateName = Type.Enum([...alertStates]);
export type AlertStateName = (typeof alertStates)[number];

/** WGS-84; `errorMeters` is the radius the thing is surely in. */
export const Position = Type.Object({
  lat: Type.Number({ minimum: -90, maximum: 90 }),
  lon: Type.Number({ minimum: -180, maximum: 180 }),
  errorMeters: Type.Optional(Type.Number({ minimum: 0 })),
});
export type Position = Static<typeof Position>;

/** Where in the picture, in fractions of its width and height, and how sure the model was. */
export const PictureBox = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  width: Type.Number(),
  height: Type.Number(),
  score: Type.Number(),
});
export type PictureBox = Static<typeof PictureBox>;

/** Who did it, and when (RFC 3339). */
export const Signature = Type.Object({ id: Type.String(), name: Type.String(), at: Type.String() });
export type Signature = Static<typeof Signature>;

/** First another seat is asked to take what nobody has taken, then those above. */
export const Escalation = Type.Object({
  step: Type.Enum(['seat', 'supervisor']),
  asked: Type.Array(Signature),
  /** When it goes one step further. */
  nextAt: Type.Optional(Type.String()),
});
export type Escalation = Static<typeof Escalation>;

/** Why two alerts are one event. */
export const MergeCause = Type.Object({ text: Type.String(), distanceMeters: Type.Number(), seconds: Type.Number() });
export type MergeCause = Static<typeof MergeCause>;

/** What a source saw, and where. */
const seen = {
  id: Type.String(),
  kind: AlertKind,
  severity: Severity,
  at: Type.String(),
  lastSeenAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  position: Position,
  road: Type.Optional(Type.String()),
  stake: Type.Optional(Type.String()),
  carriageway: Type.Optional(Type.Enum(['up', 'down'])),
  camera: Type.Optional(Type.String()),
  sensor: Type.Optional(Type.String()),
  unit: Type.Optional(Type.String()),
  /** What the model calls the thing that was seen: person, dog. */
  object: Type.Optional(Type.String()),
  /** How many of them, when there are several. */
  count: Type.Optional(Type.Integer({ minimum: 2 })),
  title: Type.String(),
  reasons: Type.Array(Reason),
  why: Type.Optional(Why),
  /** Whether there is a picture. */
  snapshot: Type.Boolean(),
  box: Type.Optional(PictureBox),
};

/** What one source saw of an event that several saw. The first is the alert's own; the others say why they belong to it. */
export const MergedPart = Type.Object({ ...seen, because: Type.Optional(MergeCause) });
export type MergedPart = Static<typeof MergedPart>;

/** An alert as the API, the event log and the wall show it; times are RFC 3339 UTC. */
export const Alert = Type.Object({
  ...seen,
  /** Number of the event that made it what it is; rises with every change of anything. */
  seq: Type.Integer(),
  /** Rises by one with every change of this alert. */
  version: Type.Integer(),
  state: AlertStateName,
  area: Type.Optional(Type.String()),
  /** Ids of the alerts that are part of this one; each can still be read, and taken out again. */
  mergedFrom: Type.Array(Type.String()),
  /** What each source saw, once there are several: its own first. */
  merged: Type.Optional(Type.Array(MergedPart)),
  /** The alert it is part of. */
  mergedInto: Type.Optional(Type.String()),
  /** Keys of what a seat has taken apart from it: never merged again. */
  apart: Type.Optional(Type.Array(Type.String())),
  /** The alert whose picture it shows, when that is not its own. */
  pictureOf: Type.Optional(Type.String()),
  acknowledgedBy: Type.Optional(Signature),
  closedBy: Type.Optional(Signature),
  dismissReason: Type.Optional(Type.String()),
  dueAt: Type.Optional(Type.String()),
  /** Who was asked because nobody took it. */
  escalation: Type.Optional(Escalation),
  /** Whoever holds it has put it off until then. */
  snoozedUntil: Type.Optional(Type.String()),
  /** The silence it was raised in: it rings nowhere. */
  silenced: Type.Optional(Type.String()),
  /** When the desk comes back to it by itself. */
  wakeAt: Type.Optional(Type.String()),
  incident: Type.Optional(Type.String()),
});
export type Alert = Static<typeof Alert>;

/** Is `a` more urgent than `b`? */
export function outranks(a: Severity, b: Severity): boolean {
  return severities.indexOf(a) > severities.indexOf(b);
}
