import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { field, frame, hello, number16 } from './mqtt-frames.ts';

/** CONNECT with whatever bytes stand for the names in it. */
export function connectPacket(clientId: Uint8Array, username: Uint8Array, password: Uint8Array): Buffer {
  return hello('', { payload: [clientId, username, password].map(field) });
}

/** PUBLISH at QoS 1 with whatever bytes stand for its topic. */
export function publishPacket(topic: Uint8Array, payload: Uint8Array, messageId = 1): Buffer {
  return frame(0x32, field(topic), number16(messageId), payload);
}

/** What a healthy device sends in its life, to be changed. */
const healthy: readonly Buffer[] = [
  publishPacket(Buffer.from('tianliang/terminals/xun7/position'), Buffer.from('{"lat":27.3,"lon":105.3}')),
  publishPacket(Buffer.from('tianliang/terminals/xun7/status'), Buffer.from('{"battery":50}')),
  frame(0x34, field('tianliang/terminals/xun7/sos'), number16(2), '{}'),
  generate({ cmd: 'subscribe', messageId: 3, subscriptions: [{ topic: 'tianliang/commands/xun7', qos: 1 }] }),
  generate({ cmd: 'unsubscribe', messageId: 4, unsubscriptions: ['tianliang/commands/xun7'] }),
  generate({ cmd: 'puback', messageId: 5 }),
  generate({ cmd: 'pubrel', messageId: 2 }),
  generate({ cmd: 'pingreq' }),
];

type Change = (bytes: Buffer) => Buffer;

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(fc.nat(300), fc.nat(255)).map(
    ([at, byte]): Change =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        changed[at % changed.length] = byte;
        return changed;
      },
  ),
  fc.nat(300).map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(0, at % bytes.length),
  ),
  fc.uint8Array({ maxLength: 40 }).map(
    (more): Change =>
      (bytes) =>
        Buffer.concat([bytes, more]),
  ),
  fc.tuple(fc.nat(300), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(
    ([at, more]): Change =>
      (bytes) => {
        const place = at % bytes.length;
        return Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)]);
      },
  ),
);

/** A packet of a healthy device with one to three things wrong with it. */
export const mutatedPacket: fc.Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom(...healthy), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([packet, changes]) => changes.reduce((bytes, next) => (bytes.length > 0 ? next(bytes) : bytes), packet));
