import type { DialectName } from './decoder-config.ts';
import type { Dialect } from './dialect.ts';
import type { EntityAttributes } from './entity-attributes.ts';
import { homeAssistant } from './homeassistant.ts';
import { ownTracks } from './owntracks.ts';
import { shelly } from './shelly.ts';
import { tasmota } from './tasmota.ts';
import { weewx } from './weewx.ts';

/** The dialects of those names, in that order. */
export function dialectsOf(names: readonly DialectName[], attributes: EntityAttributes): Dialect[] {
  const all: Readonly<Record<DialectName, Dialect>> = {
    owntracks: ownTracks,
    weewx,
    tasmota,
    shelly,
    homeassistant: homeAssistant(attributes),
  };
  return names.map((name) => all[name]);
}
