import type { TopicKind } from '../topics.ts';
import type { Arrival, Decoded } from './decoded.ts';
import { decodeReading } from './sensor.ts';
import { decodePosition, decodeReceipt, decodeSos, decodeStatus } from './terminal.ts';

const decoders: Readonly<Record<TopicKind, (arrival: Arrival) => Decoded>> = {
  position: decodePosition,
  status: decodeStatus,
  sos: decodeSos,
  receipt: decodeReceipt,
  reading: decodeReading,
};

/** What a payload means. Never throws; an empty retained payload is how MQTT forgets a retained message. */
export function decode(kind: TopicKind, arrival: Arrival, retain: boolean): Decoded {
  if (retain && arrival.payload.byteLength === 0) return { ok: false, reason: 'retained-clear', ignored: true };
  return decoders[kind](arrival);
}
