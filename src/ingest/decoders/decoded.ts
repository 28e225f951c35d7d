import type { DeviceMessage } from '../device-message.ts';

/** Why a message was not taken. Stable words: they are labels of a metric. */
export type RejectReason =
  | 'too-large'
  | 'not-utf8'
  | 'too-deep'
  | 'not-json'
  | 'wrong-payload'
  | 'wrong-time'
  | 'null-island'
  | 'unknown-topic'
  | 'unknown-device'
  | 'foreign-topic'
  | 'invalid-topic';

/** Something a device may say that is of no use to us. */
export type IgnoreReason = 'owntracks-other' | 'retained-clear';

export type Decoded =
  | { readonly ok: true; readonly message: DeviceMessage; readonly measured: Readonly<Record<string, number>> }
  | { readonly ok: false; readonly reason: RejectReason; readonly ignored?: false }
  | { readonly ok: false; readonly reason: IgnoreReason; readonly ignored: true };

/** One payload on one topic of one device. */
export interface Arrival {
  readonly device: string;
  readonly payload: Uint8Array;
  readonly receivedAt: Date;
}

export function reject(reason: RejectReason): Decoded {
  return { ok: false, reason };
}

/** What is stored as points: those of `fields` that the message has. */
export function measuredOf(message: object, fields: readonly string[]): Record<string, number> {
  const entries = Object.entries(message).filter(
    (entry): entry is [string, number] => fields.includes(entry[0]) && typeof entry[1] === 'number',
  );
  return Object.fromEntries(entries);
}
