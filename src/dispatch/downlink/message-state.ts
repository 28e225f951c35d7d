import type { ReceiptState } from './receipt.ts';
import type { MessageStateName, UnitMessage } from './unit-message.ts';

export type MessageEvent =
  | { readonly type: 'sent'; readonly at: Date }
  | { readonly type: 'receipt'; readonly state: ReceiptState; readonly at: Date }
  | { readonly type: 'clock'; readonly now: Date };

/** A message only ever climbs; the two answers are one step. */
const ranks: Readonly<Record<Exclude<MessageStateName, 'expired'>, number>> = {
  queued: 0,
  sent: 1,
  delivered: 2,
  read: 3,
  accepted: 4,
  declined: 4,
  arrived: 5,
  completed: 6,
};

/** Nobody has been seen to read it: it is still on its way, and expires. */
export function isOpen({ state }: Pick<UnitMessage, 'state'>): boolean {
  return state !== 'expired' && ranks[state] < ranks.read;
}

/** The message after one event; the same object when it changes nothing. Safe to be told the same thing twice. */
export function nextMessage(message: UnitMessage, event: MessageEvent): UnitMessage {
  switch (event.type) {
    case 'sent':
      return sent(message, event.at);
    case 'receipt':
      return answered(message, event.state, event.at);
    case 'clock':
      return isOpen(message) && event.now >= new Date(message.expiresAt) ? expired(message) : message;
  }
}

/** Handed over once more. A receipt may have been faster: then only the counting is left to do. */
function sent(message: UnitMessage, at: Date): UnitMessage {
  if (message.state === 'expired') return message;
  const counted = { ...message, tries: message.tries + 1, sentAt: at.toISOString() };
  return message.state === 'queued' ? reached(counted, 'sent', at) : { ...counted, version: message.version + 1 };
}

/** What comes late fills in its time and moves nothing back. After a refusal or the deadline nothing leads on. */
function answered(message: UnitMessage, state: ReceiptState, at: Date): UnitMessage {
  const { state: from, times } = message;
  if (from === 'expired' || times[state] !== undefined) return message;
  const steps = ranks[state] - ranks[from];
  if (steps > 0 && from !== 'declined') return reached(message, state, at);
  return steps < 0 && state !== 'declined' ? timed(message, state, at) : message;
}

function expired(message: UnitMessage): UnitMessage {
  return reached(message, 'expired', new Date(message.expiresAt));
}

function reached(message: UnitMessage, state: MessageStateName, at: Date): UnitMessage {
  return { ...timed(message, state, at), state };
}

function timed(message: UnitMessage, state: MessageStateName, at: Date): UnitMessage {
  return { ...message, version: message.version + 1, times: { ...message.times, [state]: at.toISOString() } };
}
