import { discoverDevices } from '../streams/onvif/discovery.ts';
import { type Command, UsageError } from './command.ts';

const defaultTimeoutMs = 3_000;

/** Prints every ONVIF device that answers a probe on any interface; exit code 1 when none does. */
export const camerasDiscover: Command = async ({ options, print, signal }) => {
  const timeoutMs = Number(options.timeout ?? defaultTimeoutMs);
  if (!(timeoutMs >= 100 && timeoutMs <= 60_000)) throw new UsageError('--timeout expects 100 to 60000 milliseconds');
  const devices = await discoverDevices({ timeoutMs, signal });
  for (const { address, xaddr, name, hardware, location } of devices.toSorted((a, b) => (a.xaddr < b.xaddr ? -1 : 1))) {
    const facts = [name, hardware, location].filter((fact) => fact !== undefined);
    print(`${sourceOf(xaddr).padEnd(34)} ${address.padEnd(15)} ${facts.join(', ')}`);
  }
  print(devices.length === 0 ? 'no camera answered' : `${devices.length} cameras answered`);
  return devices.length === 0 ? 1 : 0;
};

/** As it would be written in cameras.yaml. */
function sourceOf(xaddr: string): string {
  const { host, pathname } = new URL(xaddr);
  return `onvif://${host}${pathname === '/onvif/device_service' ? '/' : pathname}`;
}
