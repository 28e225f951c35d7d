/** The patrol's page speaks with the voice of its unit's terminal. */
import { type PageWord, PatrolVoice } from './dispatch/patrol/patrol-voice.ts';
import type { UnitBoard } from './dispatch/unit-board.ts';
import { stamp } from './ingest/decoders/device-clock.ts';
import type { DeviceMessage } from './ingest/device-message.ts';
import type { Ingest } from './ingest/ingest.ts';

/** On disk first, then to whoever a terminal's message goes: board, fences, alert desk. */
export function patrolVoice({ units, ingest }: { units: UnitBoard; ingest: Pick<Ingest, 'say'> }): PatrolVoice {
  return new PatrolVoice({
    board: units,
    say: (device, word) => ingest.say(messageOf(device, word), measuredOf(word)),
  });
}

function messageOf(device: string, word: PageWord): DeviceMessage {
  const stamped = stamp(device, new Date(), undefined);
  return word.type === 'sos' ? { ...stamped, ...word, key: `${device}:page:${word.key}` } : { ...stamped, ...word };
}

function measuredOf(word: PageWord): Readonly<Record<string, number>> {
  if (word.type === 'sos') return {};
  const { type: _, point, ...motion } = word;
  return { ...point, ...motion };
}
