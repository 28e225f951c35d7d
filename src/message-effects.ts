/** What a device's message does to the rest of the house. */
import type { AlertDesk } from './alerts/desk.ts';
import type { SensorRules } from './alerts/rules/sensor-rules.ts';
import { sosObservation } from './alerts/rules/sos.ts';
import type { Downlink } from './dispatch/downlink/downlink.ts';
import type { FenceWatch } from './dispatch/fences/fence-watch.ts';
import type { UnitBoard, UnitPosition } from './dispatch/unit-board.ts';
import type { GeoPoint } from './gis/point.ts';
import type { DeviceMessage, ReadingMessage, SosMessage } from './ingest/device-message.ts';
import type { DeviceRegistry } from './ingest/device-registry.ts';
import { type Finder, placedSensor } from './placing.ts';

/** Who is told of messages. */
export interface MessageTakers {
  readonly registry: DeviceRegistry;
  readonly units: UnitBoard;
  readonly fences: FenceWatch;
  readonly downlink: Downlink;
  readonly rules: SensorRules;
  readonly desk: AlertDesk;
  readonly find: Finder;
  /** Where the map opens: all that is known of a caller who has never said where it is. */
  readonly center: GeoPoint;
}

/** Messages come again after a crash: every receiver is idempotent, and one that fails has it once more. */
export async function takeMessage(house: MessageTakers, message: DeviceMessage): Promise<void> {
  switch (message.type) {
    case 'position':
      return await moveUnit(house, message);
    case 'status':
      return house.units.status(message);
    case 'reading':
      return await judgeReading(house, message);
    case 'sos':
      return await callForHelp(house, message);
    case 'receipt':
      return await house.downlink.receipt(message);
  }
}

async function moveUnit({ units, fences }: MessageTakers, position: UnitPosition): Promise<void> {
  const move = units.position(position);
  if (move) await fences.moved(move);
}

async function judgeReading({ registry, rules, desk, find }: MessageTakers, reading: ReadingMessage): Promise<void> {
  const sensor = registry.get(reading.device);
  const { position, ...place } = sensor ? placedSensor(sensor, find) : {};
  if (!sensor || !position) return;
  for (const outcome of rules.reading({ ...place, id: sensor.id, name: sensor.name, position }, reading)) {
    if (outcome.type === 'observe') await desk.observe(outcome.observation);
    else await desk.end(outcome.key, outcome.at);
  }
}

async function callForHelp(house: MessageTakers, call: SosMessage): Promise<void> {
  const { units, registry, desk, find, center } = house;
  const { point, device, at } = call;
  const unit = units.ofTerminal(device);
  const { position, at: lastAt = at.toISOString(), ...place } = unit ?? {};
  const caller = {
    name: unit?.name ?? registry.get(device)?.name,
    ...(point ? find({ position: point }) : place),
    center,
    ...(position && { last: { position, at: new Date(lastAt) } }),
  };
  await desk.observe(sosObservation(call, caller));
  // Afterwards: nothing about where the caller is may stand between the call and the desk.
  if (point) await moveUnit(house, { device, at, point });
}
