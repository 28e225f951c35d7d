import type { DialectName } from '../../../src/ingest/decoders/decoder-config.ts';
import { type NamedDevice, Vocabulary } from '../../../src/ingest/vocabulary.ts';

export const receivedAt = new Date('2026-11-21T08:00:00.000Z');
export const receivedSeconds = receivedAt.getTime() / 1_000;

/** Somebody who speaks that dialect: what is made of a payload on a topic. */
export function listener(dialect: DialectName, devices: readonly NamedDevice[]) {
  const vocabulary = new Vocabulary({ devices, dialects: [dialect] });
  return (topic: string, payload: unknown) => {
    const understood = vocabulary.understand(topic);
    if (!understood) return 'nothing takes it';
    if (understood.device === undefined) return `nobody is ${understood.names.join(' or ')}`;
    const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
    return understood.decode({ device: understood.device, payload: bytes, receivedAt }, false);
  };
}
