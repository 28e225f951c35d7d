/** What a device's message does to the rest of the house. */
import type { AlertDesk } from './alerts/desk.ts';
import type { RuleOutcome, SensorList, SensorPlace, SensorRules } from './alerts/rules/sensor-rules.ts';
import { sosObservation } from './alerts/rules/sos.ts';
import type { Downlink } from './dispatch/downlink/downlink.ts';
import type { FenceWatch } from './dispatch/fences/fence-watch.ts';
import type { Dispatcher } from './dispatch/incidents/dispatcher.ts';
import type { SosIncidents } from './dispatch/incidents/sos-incidents.ts';
import type { UnitBoard, UnitPosition } from './dispatch/unit-board.ts';
import type { GeoPoint } from './gis/point.ts';
import type { DeviceMessage, ReadingMessage, ReceiptMessage, SosMessage } from './ingest/device-message.ts';
import type { DeviceRegistry } from './ingest/device-registry.ts';
import { type Finder, isSensor, placedSensor } from './placing.ts';

/** Who is told of messages. */
export interface MessageTakers {
  readonly registry: DeviceRegistry;
  readonly units: UnitBoard;
  readonly fences: FenceWatch;
  readonly downlink: Downlink;
  readonly dispatcher: Pick<Dispatcher, 'receipt'>;
  readonly sos: Pick<SosIncidents, 'open'>;
  readonly rules: SensorRules;
  readonly desk: AlertDesk;
  readonly find: Finder;
  /** Where the map opens: all that is known of a caller who has never said where it is. */
  readonly center: GeoPoint;
}

/** Messages come again after a crash: every receiver is idempotent, and one that fails has it once more. */
export function takeMessage(house: MessageTakers, message: DeviceMessage): Promise<void> | undefined {
  switch (message.type) {
    case 'position':
      return moveUnit(house, message);
    case 'status':
      house.units.status(message);
      return undefined;
    case 'reading':
      return judgeReading(house, message);
    case 'sos':
      return callForHelp(house, message);
    case 'receipt':
      return takeReceipt(house, message);
  }
}

/** Undefined when there is nothing to wait for, as with nearly every position and reading: thousands come a second. */
function moveUnit({ units, fences }: MessageTakers, position: UnitPosition): Promise<void> | undefined {
  const move = units.position(position);
  return move && fences.moved(move);
}

/** The same word settles the message and moves the assignment that the message told of. */
async function takeReceipt({ downlink, dispatcher }: MessageTakers, receipt: ReceiptMessage): Promise<void> {
  await downlink.receipt(receipt);
  await dispatcher.receipt(receipt);
}

function judgeReading(house: MessageTakers, reading: ReadingMessage): Promise<void> | undefined {
  const { rules, desk } = house;
  const place = sensorPlace(house, reading.device);
  if (!place) return undefined;
  const outcomes = rules.reading(place, reading);
  return outcomes.length > 0 ? tellDesk(desk, outcomes) : undefined;
}

/** Undefined for one that nobody has placed: an alert without a place helps nobody. */
function sensorPlace(
  { registry, find }: Pick<MessageTakers, 'registry' | 'find'>,
  id: string,
): SensorPlace | undefined {
  const sensor = registry.get(id);
  const { position, ...place } = sensor ? placedSensor(sensor, find) : {};
  return sensor && position && { ...place, id: sensor.id, name: sensor.name, position };
}

/** Whom the rules on silence watch. */
export function watchedSensors(house: Pick<MessageTakers, 'registry' | 'find'>): SensorList {
  const ids = house.registry.list().flatMap((device) => (isSensor(device) ? [device.id] : []));
  return { ids, placeOf: (id) => sensorPlace(house, id) };
}

/** What the rules say becomes alerts, in their order. */
export async function tellDesk(desk: AlertDesk, outcomes: readonly RuleOutcome[]): Promise<void> {
  for (const outcome of outcomes) {
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
  const alert = await desk.observe(sosObservation(call, caller));
  // Afterwards: nothing about where the caller is may stand between the call and the desk.
  if (point) await moveUnit(house, { device, at, point });
  const isOpen = alert.state === 'raised' || alert.state === 'acknowledged';
  if (isOpen && alert.incident === undefined) await house.sos.open(alert);
}
