import type { FieldFault } from './decoders/decoded.ts';
import { printableText } from './mqtt-text.ts';

/** A message that was not taken, kept to be looked at; `payload` is cut and made safe to print. */
export interface Sample {
  readonly at: string;
  readonly reason: string;
  /** Who spoke, where that is known. */
  readonly device?: string;
  readonly payload: string;
  /** How long the payload was. */
  readonly bytes: number;
  /** Which values were at fault. */
  readonly faults?: FieldFault[];
}

/** What is known of it besides its bytes. */
export type SampleFacts = Omit<Sample, 'payload' | 'bytes' | 'faults'> & { readonly faults?: readonly FieldFault[] };

/** How many of a kind are kept. */
export const samplesKept = 5;
const sampleBytes = 256;
const faultsKept = 16;

export function sampleOf(facts: SampleFacts, payload: Uint8Array): Sample {
  const { faults, ...rest } = facts;
  const kept = faults && faults.length > 0 && { faults: faults.slice(0, faultsKept) };
  return { ...rest, payload: printable(payload), bytes: payload.byteLength, ...kept };
}

function printable(payload: Uint8Array): string {
  const text = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, sampleBytes)).toString();
  return printableText(text, sampleBytes);
}
