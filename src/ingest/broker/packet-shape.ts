/** How long a packet of a client may be, behind its fixed header (MQTT 3.1.1 §2.2). */
export interface PacketShape {
  readonly least: number;
  readonly most: number;
}

const exactly = (length: number): PacketShape => ({ least: length, most: length });
const atLeast = (length: number): PacketShape => ({ least: length, most: Number.POSITIVE_INFINITY });

export const packetType = { connect: 1, publish: 3, puback: 4, pubcomp: 7, subscribe: 8, unsubscribe: 10 } as const;

/** By type and flags, which are fixed (§2.2.2) but for PUBLISH. What is not here is not sent by clients (§2.2.1). */
const shapes = new Map<number, PacketShape>([
  [0x10, atLeast(12)],
  [0x40, exactly(2)],
  [0x50, exactly(2)],
  [0x62, exactly(2)],
  [0x70, exactly(2)],
  // A packet id and one filter of a letter, here with its QoS, there without.
  [0x82, atLeast(6)],
  [0xa2, atLeast(5)],
  [0xc0, exactly(0)],
  [0xe0, exactly(0)],
]);

/** Of PUBLISH, QoS 0 has no packet id and is never sent again (§3.3.1.1); there is no QoS 3. */
function publishShape(first: number): PacketShape | undefined {
  const qos = qosOf(first);
  if (qos === 3 || (qos === 0 && (first & 0x08) !== 0)) return undefined;
  return atLeast(qos === 0 ? 3 : 5);
}

export function qosOf(first: number): number {
  return (first >> 1) & 3;
}

/** Undefined when no client may send a packet that begins so. */
export function shapeOf(first: number): PacketShape | undefined {
  return first >> 4 === packetType.publish ? publishShape(first) : shapes.get(first);
}
