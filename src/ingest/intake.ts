import { decode } from './decoders/decode.ts';
import type { Decoded, IgnoreReason, RejectReason } from './decoders/decoded.ts';
import type { DeviceMessage } from './device-message.ts';
import type { Inbound } from './inbound.ts';
import type { IntakeCounters } from './intake-counters.ts';
import type { TelemetryPoint } from './telemetry/telemetry-store.ts';
import { type DeviceTopic, mayPublish, parseTopic, speakerOf, topicPattern } from './topics.ts';

export interface IntakeOptions {
  readonly isKnown: (device: string) => boolean;
  /** Resolves when it is on disk. */
  readonly append: (message: DeviceMessage, points: readonly TelemetryPoint[]) => Promise<void>;
  readonly counters: IntakeCounters;
}

/** From a publish to the disk: who speaks, whether it may, what it means. What is refused is counted, never thrown. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  async accept(inbound: Inbound): Promise<'accepted' | 'refused'> {
    const { isKnown, counters, append } = this.#options;
    const speaker = identify(inbound, isKnown);
    if ('refused' in speaker) {
      counters.refuse(speaker.refused);
      return 'refused';
    }
    const { device, topic } = speaker;
    const decoded = decode(topic.kind, { device, ...inbound }, inbound.retain);
    if (!decoded.ok) return this.#refuse(decoded, topicPattern(topic.kind), { device, ...inbound });
    await append(decoded.message, pointsOf(decoded.message, decoded.measured));
    counters.accept(decoded.message.type, decoded.message.skewedAt !== undefined);
    return 'accepted';
  }

  #refuse(
    { reason, ignored }: Decoded & { ok: false },
    pattern: string,
    { device, payload, receivedAt }: Inbound & { device: string },
  ): 'accepted' | 'refused' {
    const { counters } = this.#options;
    counters.refuse(reason satisfies RejectReason | IgnoreReason);
    // What is merely of no use to us is none of the broker's business: a retained message is cleared by an empty one.
    if (ignored) return 'accepted';
    counters.keep(pattern, { at: receivedAt.toISOString(), device, reason }, payload);
    return 'refused';
  }
}

type Speaker =
  | { readonly device: string; readonly topic: DeviceTopic }
  | { readonly refused: 'invalid-topic' | 'foreign-topic' | 'unknown-topic' | 'unknown-device' };

function identify({ topic, sender }: Inbound, isKnown: (device: string) => boolean): Speaker {
  if (sender !== undefined && !mayPublish(sender, topic, isKnown)) return { refused: 'foreign-topic' };
  const parsed = parseTopic(topic);
  if (!parsed) return { refused: 'unknown-topic' };
  const device = speakerOf(parsed, isKnown);
  return device === undefined ? { refused: 'unknown-device' } : { device, topic: parsed };
}

/** Points stand at the time the device gave, even a wrong one: the same message sent again is the same points. */
function pointsOf(message: DeviceMessage, measured: Readonly<Record<string, number>>): TelemetryPoint[] {
  const at = (message.skewedAt ?? message.at).getTime();
  const receivedAt = message.receivedAt.getTime();
  const { device } = message;
  return Object.entries(measured).map(([measurement, value]) => ({ device, measurement, at, receivedAt, value }));
}
