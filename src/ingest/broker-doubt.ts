import { hasPacketLimit, readMosquittoConfig, unsafeSettings } from './mosquitto-config.ts';

/** Where a broker says what it is, when it is Mosquitto; retained. */
export const versionTopic = '$SYS/broker/version';

/** What of the broker's configuration an operator should change; undefined when all is well. */
export async function doubtOfConfig(path: string): Promise<string | undefined> {
  try {
    const settings = await readMosquittoConfig(path);
    const unsafe = unsafeSettings(settings);
    const limit = hasPacketLimit(settings) ? [] : ['max_packet_size 262144'];
    const wanted = [...unsafe, ...limit].join(', ');
    if (unsafe.length > 0)
      return `the MQTT broker loses acknowledged messages when it crashes; set ${wanted} in ${path}`;
    return limit.length > 0 ? `the MQTT broker takes packets of any size; set ${wanted} in ${path}` : undefined;
  } catch (error) {
    const cause = error instanceof Error && 'code' in error ? String(error.code) : 'not readable';
    return `the MQTT broker's configuration could not be read (${cause}): ${path}`;
  }
}

/** Mosquitto does not say whether it saves what it acknowledges, and by default it does not. */
export function doubtOfVersion(version: string): string | undefined {
  if (!/^mosquitto\b/i.test(version)) return undefined;
  return 'not known whether Mosquitto keeps acknowledged messages when it crashes; name its file in mqtt.brokerConfig, or say mqtt.durable: true';
}
