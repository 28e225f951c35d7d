import type { DeviceMessage } from '../device-message.ts';

/** Why a message was not taken. Stable words: they are labels of a metric. */
export type RejectReason =
  | 'too-large'
  | 'not-utf8'
  | 'too-deep'
  | 'not-json'
  | 'wrong-payload'
  | 'wrong-time'
  | 'wrong-value'
  | 'null-island'
  | 'no-fix'
  | 'unknown-topic'
  | 'unknown-device'
  | 'foreign-topic'
  | 'invalid-topic';

/** Something a device may say that is of no use to us. */
export type IgnoreReason =
  | 'owntracks-other'
  | 'owntracks-waypoint'
  | 'nothing-said'
  | 'attribute'
  | 'no-call'
  | 'retained-clear'
  | 'retained-old';

/** What a device tells besides its message: counted, nothing more. */
export type NotedEvent = 'owntracks-enter' | 'owntracks-leave';

/** One value that was left out, where it stands in the payload, and what would have been right. */
export interface FieldFault {
  /** A JSON pointer. */
  readonly pointer: string;
  readonly expected: string;
}

export type Decoded =
  | {
      readonly ok: true;
      readonly message: DeviceMessage;
      readonly measured: Readonly<Record<string, number>>;
      readonly event?: NotedEvent;
      /** What is not in the message: its neighbours count without it. */
      readonly faults?: readonly FieldFault[];
    }
  | {
      readonly ok: false;
      readonly reason: RejectReason;
      readonly ignored?: false;
      readonly faults?: readonly FieldFault[];
    }
  | { readonly ok: false; readonly reason: IgnoreReason; readonly ignored: true };

/** One payload on one topic of one device. */
export interface Arrival {
  readonly device: string;
  readonly payload: Uint8Array;
  readonly receivedAt: Date;
}

/** A payload on a topic whose levels say something too. */
export interface TopicArrival extends Arrival {
  readonly levels: readonly string[];
}

export function reject(reason: RejectReason, faults: readonly FieldFault[] = []): Decoded {
  return { ok: false, reason, ...(faults.length > 0 && { faults }) };
}

export function ignore(reason: IgnoreReason): Decoded {
  return { ok: false, reason, ignored: true };
}

/** What is stored as points: those of `fields` that the message has. */
export function measuredOf(message: object, fields: readonly string[]): Record<string, number> {
  const entries = Object.entries(message).filter(
    (entry): entry is [string, number] => fields.includes(entry[0]) && typeof entry[1] === 'number',
  );
  return Object.fromEntries(entries);
}
