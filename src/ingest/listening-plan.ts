import { isDeepStrictEqual } from 'node:util';
import type { ListeningConfig } from './listening.ts';

/** What another configuration changes of who may speak and what is understood. */
export interface ListeningPlan {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  readonly decoders: boolean;
  readonly dialects: boolean;
}

/** From what runs to what is wanted; of a device only its id is told, for its entry holds a password. */
export function planListening(running: ListeningConfig, wanted: ListeningConfig): ListeningPlan {
  const [before, after] = [byId(running), byId(wanted)];
  const kept = [...after.keys()].filter((id) => before.has(id));
  return {
    added: [...after.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !after.has(id)),
    changed: kept.filter((id) => !isDeepStrictEqual(before.get(id), after.get(id))),
    decoders: !isDeepStrictEqual(running.decoders, wanted.decoders),
    dialects: !isDeepStrictEqual(running.dialects, wanted.dialects),
  };
}

export function changesListening({ added, removed, changed, decoders, dialects }: ListeningPlan): boolean {
  return decoders || dialects || [added, removed, changed].some(({ length }) => length > 0);
}

function byId({ devices }: ListeningConfig) {
  return new Map(devices.map((device) => [device.id, device]));
}
