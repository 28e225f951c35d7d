/** What exists for the units' terminals besides the board. */
import type { Config } from './config.ts';
import type { Command, Courier } from './dispatch/downlink/courier.ts';
import { Downlink } from './dispatch/downlink/downlink.ts';
import { FenceWatch } from './dispatch/fences/fence-watch.ts';
import { RecordRetention } from './dispatch/record-retention.ts';
import type { UnitBoard } from './dispatch/unit-board.ts';
import { fencesOf } from './gis/fence.ts';
import type { Ingest } from './ingest/ingest.ts';
import { commandTopic } from './ingest/topics.ts';
import type { Log } from './shared/log.ts';
import type { Store } from './store/store.ts';

export interface Terminals {
  readonly fences: FenceWatch;
  readonly downlink: Downlink;
  readonly retention: RecordRetention;
}

export interface TerminalsOptions {
  readonly config: Pick<Config, 'areas' | 'units'> & { readonly tianliang: Pick<Config['tianliang'], 'retention'> };
  readonly store: Store;
  readonly board: UnitBoard;
  readonly ingest: Pick<Ingest, 'publish' | 'sendText' | 'speaksJt808'>;
  readonly log: Log;
}

export function buildTerminals({ config, store, board, ingest, log }: TerminalsOptions): Terminals {
  /** The terminal's own answer to a text is all the receipt there is. */
  const showText = async (device: string, command: Command) => {
    await ingest.sendText(device, textOf(command));
    await downlink.receipt({ device, assignment: command.id, state: 'delivered', at: new Date() });
  };
  const courier: Courier = {
    deliver: (terminal, command) =>
      ingest.speaksJt808(terminal)
        ? showText(terminal, command)
        : ingest.publish(commandTopic(terminal), JSON.stringify(command), { qos: 1, retain: false }),
  };
  const ownLog = log.child({ slice: 'dispatch' });
  const downlink = new Downlink({ store, board, courier, log: ownLog });
  return {
    fences: new FenceWatch({ fences: fencesOf(config.areas), units: config.units, board, store }),
    downlink,
    retention: new RecordRetention({ config: config.tianliang.retention, store, log: ownLog }),
  };
}

/** For a terminal that can but show words. */
function textOf({ title, place, text }: Command): string {
  return [title, place, text].filter((part) => part !== undefined).join(' ');
}
