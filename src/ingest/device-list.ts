import { AppError } from '../shared/app-error.ts';
import type { Device } from './device.ts';

/** Also what one gets for a device of another area. */
export class DeviceNotFoundError extends AppError {
  readonly code = 'DEVICE_NOT_FOUND';
  override readonly statusCode = 404;

  constructor(id: string) {
    super(`there is no device ${id}`);
  }
}

export interface DeviceListQuery {
  readonly kind?: Device['kind'];
  /** Part of an id or a name, whatever the case. */
  readonly q?: string;
  readonly area?: string;
  /** The last id of the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

/** One page in the order of ids; `next` is the cursor of the page after it, if there is one. */
export function listDevices(devices: readonly Device[], query: DeviceListQuery): { items: Device[]; next?: string } {
  const { cursor, limit } = query;
  const matching = devices
    .filter((device) => matches(device, query) && (cursor === undefined || device.id > cursor))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const items = matching.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(last && matching.length > limit && { next: last.id }) };
}

export function findDevice(
  devices: { get(id: string): Device | undefined },
  id: string,
  visible: (device: Device) => boolean,
): Device {
  const device = devices.get(id);
  if (!device || !visible(device)) throw new DeviceNotFoundError(id);
  return device;
}

function matches({ id, name, kind, area }: Device, query: DeviceListQuery): boolean {
  if (query.kind !== undefined && kind !== query.kind) return false;
  if (query.area !== undefined && area !== query.area) return false;
  const part = query.q?.toLowerCase() ?? '';
  return id.toLowerCase().includes(part) || name.toLowerCase().includes(part);
}
