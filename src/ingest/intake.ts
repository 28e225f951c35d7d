import type { Decoded, FieldFault, IgnoreReason, RejectReason } from './decoders/decoded.ts';
import type { DeviceMessage } from './device-message.ts';
import type { Inbound } from './inbound.ts';
import type { IntakeCounters } from './intake-counters.ts';
import { isCleanTopic } from './mqtt-text.ts';
import type { Understood, Vocabulary } from './vocabulary.ts';

export interface IntakeOptions {
  /** As it is now: the configuration may change. */
  readonly vocabulary: () => Vocabulary;
  /** Resolves when it is on disk, with what it measured as points. */
  readonly append: (message: DeviceMessage, measured: Readonly<Record<string, number>>) => Promise<void>;
  readonly counters: IntakeCounters;
}

/** From a publish to the disk: who speaks, whether it may, what it means. What is refused is counted, never thrown. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  async accept(inbound: Inbound): Promise<'accepted' | 'refused'> {
    const { vocabulary, counters, append } = this.#options;
    const speaker = identify(inbound, vocabulary());
    if ('refused' in speaker) return this.#refuseUnknown(speaker, inbound);
    const { device, understood } = speaker;
    const decoded = decodeHeard(understood, device, inbound);
    if (!decoded.ok) return this.#refuse(decoded, understood.pattern, { device, ...inbound });
    const { message, measured, event, faults } = decoded;
    await append(message, measured);
    counters.accept(message.type, message.skewedAt !== undefined);
    if (event) counters.note(event);
    if (faults) this.#keepFaults(faults, understood.pattern, { device, ...inbound });
    return 'accepted';
  }

  #refuse(
    decoded: Decoded & { ok: false },
    pattern: string,
    { device, payload, receivedAt }: Inbound & { device: string },
  ): 'accepted' | 'refused' {
    const { counters } = this.#options;
    const { reason } = decoded;
    counters.refuse(reason satisfies RejectReason | IgnoreReason);
    // What is merely of no use to us is none of the broker's business: a retained message is cleared by an empty one.
    if (decoded.ignored) return 'accepted';
    const { faults } = decoded;
    counters.keep(pattern, { at: receivedAt.toISOString(), device, reason, ...(faults && { faults }) }, payload);
    return 'refused';
  }

  #refuseUnknown({ refused, device }: Refused, { topic, payload, receivedAt, sender }: Inbound): 'refused' {
    const { counters } = this.#options;
    counters.refuse(refused);
    // What stands below tianliang/ on a broker of somebody else may be ours: alerts, commands.
    const isOurs = sender === undefined && topic.startsWith('tianliang/') && refused === 'unknown-topic';
    if (isOurs || (refused !== 'unknown-topic' && refused !== 'unknown-device')) return 'refused';
    counters.unknown.keep({ topic, reason: refused, at: receivedAt, device: device ?? sender }, payload);
    return 'refused';
  }

  /** The message was taken without some of its values. */
  #keepFaults(
    faults: readonly FieldFault[],
    pattern: string,
    { device, payload, receivedAt }: Inbound & { device: string },
  ): void {
    const { counters } = this.#options;
    counters.refuse('wrong-value');
    counters.keep(pattern, { at: receivedAt.toISOString(), device, reason: 'wrong-value', faults }, payload);
  }
}

type Refusal = 'invalid-topic' | 'foreign-topic' | 'unknown-topic' | 'unknown-device';

interface Refused {
  readonly refused: Refusal;
  readonly device?: string | undefined;
}

type Speaker = { readonly device: string; readonly understood: Understood } | Refused;

function identify({ topic, sender }: Inbound, vocabulary: Vocabulary): Speaker {
  const understood = vocabulary.understand(topic);
  if (sender !== undefined && !vocabulary.mayPublish(sender, topic, understood))
    return { refused: refusalOf(topic, understood) };
  if (!understood) return { refused: 'unknown-topic' };
  const { device, names } = understood;
  return device === undefined ? { refused: 'unknown-device', device: names[0] } : { device, understood };
}

/** Why a device of the embedded broker may not speak there. */
function refusalOf(topic: string, understood: Understood | undefined): Refusal {
  if (!isCleanTopic(topic)) return 'invalid-topic';
  if (topic.startsWith('tianliang/') || understood?.device !== undefined) return 'foreign-topic';
  return understood ? 'unknown-device' : 'unknown-topic';
}

/**
 * A broker hands over what it has kept when we subscribe: without a time of its own nobody knows how old that is, so it
 * must not pass for what is measured now. What a status says last is still so.
 */
function decodeHeard(understood: Understood, device: string, inbound: Inbound): Decoded {
  const { payload, receivedAt, retain, sender } = inbound;
  const decoded = understood.decode({ device, payload, receivedAt }, retain);
  if (!decoded.ok || !retain || sender !== undefined) return decoded;
  const { message } = decoded;
  const isUndated = message.at === receivedAt && message.skewedAt === undefined;
  const isMeasured = message.type === 'reading' || message.type === 'position';
  return isUndated && isMeasured ? { ok: false, reason: 'retained-old', ignored: true } : decoded;
}
