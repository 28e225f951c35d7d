import type { IClientOptions } from 'mqtt';
import { startBroker } from './broker-rig.ts';
import { connectDevice, now, type TestDevice, until } from './rig.ts';

export interface AttackRun {
  readonly devices: number;
  readonly rounds: number;
}

const filters = (victim: string) => [
  '#',
  '+/#',
  '+/+/+/#',
  '/#',
  '$SYS/#',
  '$share/g/#',
  `$share/g/tianliang/commands/${victim}`,
  'tianliang/#',
  'tianliang/commands/+',
  'tianliang/commands/#',
  `tianliang/commands/${victim}`,
  `tianliang/terminals/${victim}/#`,
  'tianliang/dead-letters',
  `owntracks/${victim}/#`,
];

const ways = (own: string, victim: string): [string, IClientOptions][] => [
  ['anonymous', { username: '', password: '' }],
  ['wrong password', { password: 'x' }],
  ["another's password", { password: `${victim}-secret` }],
  ["another's client id", { clientId: victim }],
  ["another's session", { clientId: `${victim}:a` }],
  ['+ in the id', { clientId: `${own}-+` }],
  ['# in the id', { clientId: `${own}-#` }],
  ['/ in the id', { clientId: `${own}:a/b` }],
  ['+ in the user', { username: '+' }],
  ['# in the user', { username: '#' }],
  ['/ in the user', { username: `${own}/x` }],
  ['a foreign will', { will: willOn(`tianliang/commands/${victim}`) }],
  ['a will on $SYS', { will: willOn('$SYS/x') }],
];

function willOn(topic: string) {
  return { topic, payload: Buffer.from('forged'), qos: 1 as const, retain: true };
}

/** Each device tries all that is not its own at the next one; in the end each is struck off while it is connected. */
export async function attackBroker({ devices: count, rounds }: AttackRun) {
  const ids = Array.from({ length: count }, (_, n) => `d${n}`);
  const devices = ids.map((id) => ({ id, password: `${id}-secret` }));
  await using rig = await startBroker({ devices, rates: { messagesPerSecond: 10_000 } });
  const foreignHeard: string[] = [];
  const letIn: string[] = [];
  const connected: TestDevice[] = [];
  for (const id of ids) {
    const device = await connectDevice(rig.url, id);
    device.client.on('message', (topic) => topic.includes(id) || foreignHeard.push(`${id}: ${topic}`));
    await device.client.subscribeAsync(`tianliang/commands/${id}`, { qos: 1 });
    connected.push(device);
  }
  const attack = async (own: string, device: TestDevice) => {
    const victim = ids[(ids.indexOf(own) + 1) % count] ?? '';
    for (const filter of filters(victim))
      await device.client.subscribeAsync(filter, { qos: 1 }).then(
        () => letIn.push(`${own}: ${filter}`),
        () => {},
      );
    for (const [way, options] of ways(own, victim))
      await connectDevice(rig.url, own, options).then(
        () => letIn.push(`${own}: ${way}`),
        () => {},
      );
    for (const topic of [`tianliang/terminals/${victim}/position`, `tianliang/commands/${victim}`, '$SYS/x', 'x'])
      await device.publish(topic, { at: now(), lat: 27.3, lon: 105.3, from: own }, { retain: true });
    await rig.broker.publish(`tianliang/commands/${victim}`, 'secret', { qos: 1, retain: true });
  };
  for (let round = 0; round < rounds; round += 1)
    for (const [n, device] of connected.entries()) await attack(ids[n] ?? '', device);
  await until('said', () => rig.lines.some(({ facts }) => facts.reason === 'foreign-subscription'));
  const struckOffAt = performance.now();
  rig.broker.replaceDevices([]);
  await until('all cut off', () => connected.every(({ client }) => !client.connected));
  const revokedWithinMs = performance.now() - struckOffAt;
  await Promise.all(connected.map(({ client }) => client.endAsync(true)));
  await until('each reason said', () => rig.lines.some(({ facts }) => facts.reason === 'message'));
  const foreignTaken = Object.keys(rig.counters.accepted);
  const reasons = [...new Set(rig.lines.map(({ facts }) => String(facts.reason)))];
  return { foreignHeard, letIn, foreignTaken, revokedWithinMs, reasons, refused: rig.counters.refused };
}
