import type { RejectReason } from '../decoders/decoded.ts';
import { stamp } from '../decoders/device-clock.ts';
import type { DeviceMessage } from '../device-message.ts';
import type { IntakeCounters } from '../intake-counters.ts';
import type { LatestValue } from '../telemetry/points-table.ts';
import { type Result, results } from './answers.ts';
import { messageIds } from './packet.ts';
import type { Terminal } from './phone-book.ts';
import { parseBatch } from './position-batch.ts';
import { parseReport } from './position-report.ts';
import { type Measured, meaningOf } from './report-messages.ts';
import { neverPressed, type Press, pressSeries, restoredPress } from './sos-press.ts';

export interface Jt808IntakeOptions {
  /** Resolves when it is on disk. */
  readonly append: (message: DeviceMessage, measured: Readonly<Record<string, number>>) => Promise<void>;
  readonly counters: IntakeCounters;
}

/** A message of a terminal that has proven who it is. */
export interface TerminalMessage {
  readonly id: number;
  readonly body: Buffer;
  readonly receivedAt: Date;
}

/** From a terminal's message to the disk, and what the terminal is answered once it is there. */
export class Jt808Intake {
  readonly #options: Jt808IntakeOptions;
  readonly #presses = new Map<string, Press>();

  constructor(options: Jt808IntakeOptions) {
    this.#options = options;
  }

  /** The buttons that were on when the process before ended, from the newest stored values. */
  restore(latest: readonly LatestValue[]): void {
    for (const { device, measurement, ...newest } of latest)
      if (measurement === pressSeries) this.#presses.set(device, restoredPress(newest));
  }

  /** Rejects when the disk cannot take it: then nothing is answered and the terminal sends it again. */
  async take(terminal: Terminal, message: TerminalMessage): Promise<Result> {
    switch (message.id) {
      case messageIds.position:
        return await this.#position(terminal, message);
      case messageIds.positions:
        return await this.#batch(terminal, message);
      case messageIds.heartbeat:
        return await this.#presence(terminal, message, true);
      case messageIds.logout:
        return await this.#presence(terminal, message, false);
      default:
        this.#options.counters.refuse('unsupported-message');
        return results.unsupported;
    }
  }

  async #position(terminal: Terminal, message: TerminalMessage): Promise<Result> {
    const said = this.#meaning(terminal, message);
    await this.#store(said);
    return said.length > 0 ? results.done : results.wrong;
  }

  /** What can be read of a batch is taken, also of one that is cut short: a call for help may be in it. */
  async #batch(terminal: Terminal, message: TerminalMessage): Promise<Result> {
    const { reports, whole } = parseBatch(message.body);
    if (!whole) this.#refuse('wrong-payload', terminal, message);
    await this.#store(reports.flatMap((body) => this.#meaning(terminal, { ...message, body })));
    return whole ? results.done : results.wrong;
  }

  async #presence({ device }: Terminal, { receivedAt }: TerminalMessage, online: boolean): Promise<Result> {
    const message = { type: 'status', ...stamp(device, receivedAt, undefined), online } as const;
    await this.#store([{ message, measured: {} }]);
    return results.done;
  }

  #meaning(terminal: Terminal, message: TerminalMessage): readonly Measured[] {
    const { device, datum } = terminal;
    const report = parseReport(message.body, datum);
    const before = this.#presses.get(device) ?? neverPressed;
    const { messages, refused, press } = meaningOf(report, { device, receivedAt: message.receivedAt, press: before });
    this.#presses.set(device, press);
    if (refused) this.#refuse(refused, terminal, message);
    return messages;
  }

  async #store(said: readonly Measured[]): Promise<void> {
    const { append, counters } = this.#options;
    await Promise.all(said.map(({ message, measured }) => append(message, measured)));
    for (const { message } of said) counters.accept(message.type, message.skewedAt !== undefined);
  }

  #refuse(reason: RejectReason, { device }: Terminal, { id, body, receivedAt }: TerminalMessage): void {
    const { counters } = this.#options;
    counters.refuse(reason);
    const pattern = `jt808/${id.toString(16).padStart(4, '0')}`;
    counters.keep(pattern, { at: receivedAt.toISOString(), device, reason }, Buffer.from(body.toString('hex')));
  }
}
