import type { Decoded, FieldFault } from './decoders/decoded.ts';
import { payloadFaults } from './decoders/payload-faults.ts';
import { unitOf } from './units-of-measure.ts';
import type { Understood, Vocabulary } from './vocabulary.ts';

/** One message as if it had come. */
export interface DryMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly receivedAt: Date;
  /** Who shall have spoken, whatever the topic says. */
  readonly device?: string | undefined;
}

export interface DryRun {
  /** Whether a message came out of it. */
  readonly taken: boolean;
  /** What happened, for a reader. */
  readonly lines: readonly string[];
}

/** Decodes without a broker, and tells every step. */
export function dryRun(vocabulary: Vocabulary, message: DryMessage): DryRun {
  const understood = vocabulary.understand(message.topic);
  if (!understood) return refused([], 'unknown-topic: no decoder and no dialect that is switched on takes this topic');
  const opening = [line('decoder', `${understood.decoder} (${understood.pattern})`)];
  const device = message.device ?? understood.device;
  if (device === undefined) {
    const names = understood.names.join(' or ');
    return refused(opening, `unknown-device: no device is called ${names} (id or topicName)`);
  }
  const { payload, receivedAt } = message;
  const decoded = understood.decode({ device, payload, receivedAt }, false);
  return report([...opening, line('device', device)], decoded, { understood, message });
}

interface Context {
  readonly understood: Understood;
  readonly message: DryMessage;
}

function report(opening: readonly string[], decoded: Decoded, { understood, message }: Context): DryRun {
  if (!decoded.ok) {
    const { reason } = decoded;
    if (decoded.ignored) return { taken: false, lines: [...opening, line('ignored', reason)] };
    const faults = decoded.faults ?? payloadFaults(understood.decoder, message.topic, message.payload);
    return { taken: false, lines: [...opening, line('refused', reason), ...faultLines(faults)] };
  }
  const { device: _, ...said } = decoded.message;
  const points = Object.entries(decoded.measured).map(([name, value]) =>
    line('point', `${name} ${value} ${unitOf(name)}`.trimEnd()),
  );
  const event = decoded.event === undefined ? [] : [line('event', decoded.event)];
  const told = [line('message', JSON.stringify(said)), ...points, ...event, ...faultLines(decoded.faults ?? [])];
  return { taken: true, lines: [...opening, ...told] };
}

function refused(opening: readonly string[], why: string): DryRun {
  return { taken: false, lines: [...opening, line('refused', why)] };
}

function faultLines(faults: readonly FieldFault[]): string[] {
  return faults.map(({ pointer, expected }) => line('at', `${JSON.stringify(pointer)} expected ${expected}`));
}

function line(what: string, text: string): string {
  return `${what.padEnd(8)} ${text}`;
}
