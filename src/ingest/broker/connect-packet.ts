/** What is wrong with a CONNECT: it is none, or of a level of the protocol that is not spoken here. */
export type ConnectFault = 'malformed-frame' | 'wrong-level';

/** CONNACK that says so (MQTT-3.1.2-2). */
export const wrongLevelAnswer = Buffer.from([0x20, 2, 0, 1]);

/** MQTT 3.1.1, and 3.1 under the name it had then. */
const levels = new Map([
  ['MQTT', 4],
  ['MQIsdp', 3],
]);

/**
 * Looks at a whole CONNECT (MQTT 3.1.1 §3.1) as the broker's parser does not: it lets pass a will of QoS 3, a password
 * without a user, and whatever follows the last field, and has no answer to a level that it does not know.
 */
export function connectFault(packet: Buffer): ConnectFault | undefined {
  const body = packet.subarray(packet.findIndex((byte, index) => index > 0 && byte < 0x80) + 1);
  const nameEnd = fieldEnd(body, 0);
  const level = nameEnd === undefined ? undefined : levels.get(body.toString('latin1', 2, nameEnd));
  if (nameEnd === undefined || level === undefined) return 'malformed-frame';
  const flags = body[nameEnd + 1];
  if (flags === undefined) return 'malformed-frame';
  if (body[nameEnd] !== level) return 'wrong-level';
  return fitsFlags(flags) && hasFields(body, nameEnd + 4, flags) ? undefined : 'malformed-frame';
}

const bits = { reserved: 0x01, will: 0x04, willQos: 0x18, willRetain: 0x20, password: 0x40, user: 0x80 } as const;

function fitsFlags(flags: number): boolean {
  if (flags & bits.reserved) return false;
  if (!(flags & bits.will) && flags & (bits.willQos | bits.willRetain)) return false;
  if ((flags & bits.willQos) === bits.willQos) return false;
  return !(flags & bits.password) || (flags & bits.user) !== 0;
}

/** Client id, will topic, will message, user name, password: those the flags say, and nothing behind them. */
function hasFields(body: Buffer, from: number, flags: number): boolean {
  const optional = [bits.will, bits.will, bits.user, bits.password].filter((bit) => flags & bit);
  let at: number | undefined = from;
  for (let n = 0; n <= optional.length && at !== undefined; n += 1) at = fieldEnd(body, at);
  return at === body.length;
}

/** Where a field of two bytes of length ends; undefined when that is not within the packet. */
function fieldEnd(body: Buffer, at: number): number | undefined {
  if (at + 2 > body.length) return undefined;
  const end = at + 2 + body.readUInt16BE(at);
  return end <= body.length ? end : undefined;
}
