import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { DeviceLogin } from './mqtt-device.ts';

export interface Publication {
  readonly topic: string;
  readonly payload: string;
}

/** Debian's `mosquitto_pub`: connects as the device, says one thing at QoS 1, and leaves when it is acknowledged. */
export async function mosquittoPub({ url, id, password }: DeviceLogin, { topic, payload }: Publication): Promise<void> {
  const { hostname, port } = new URL(url);
  const login = ['-h', hostname, '-p', port, '-i', `${id}:pub`, '-u', id, '-P', password];
  await promisify(execFile)('mosquitto_pub', [...login, '-q', '1', '-t', topic, '-m', payload], { timeout: 20_000 });
}
