/** A PUBLISH at QoS 1 that is not to be kept (MQTT 3.1.1 §3.3). */
export interface PublishFrame {
  readonly id: number;
  readonly topic: string;
  readonly payload: Buffer;
  /** Where the next packet begins. */
  readonly end: number;
}

const plainHeads = new Set([0x32, 0x3a]);
const longestLength = 3;

/** The one that begins there; undefined where it is another packet, not all there, or anything about it is odd. */
export function publishFrameAt(bytes: Buffer, start: number): PublishFrame | undefined {
  if (!plainHeads.has(bytes[start] ?? 0)) return undefined;
  const body = bodyOf(bytes, start + 1);
  if (!body || body.end > bytes.length || body.at + 2 > body.end) return undefined;
  const topicAt = body.at + 2;
  const payloadAt = topicAt + bytes.readUInt16BE(body.at) + 2;
  if (payloadAt > body.end) return undefined;
  const id = bytes.readUInt16BE(payloadAt - 2);
  const topic = bytes.toString('utf8', topicAt, payloadAt - 2);
  return id === 0 ? undefined : { id, topic, payload: bytes.subarray(payloadAt, body.end), end: body.end };
}

/** Follows the remaining length (§2.2.3); one of four bytes is larger than anything that is let in. */
function bodyOf(bytes: Buffer, start: number): { readonly at: number; readonly end: number } | undefined {
  let length = 0;
  for (let digit = 0; digit < longestLength; digit += 1) {
    const byte = bytes[start + digit] ?? 0x80;
    length += (byte & 0x7f) * 128 ** digit;
    if (byte < 0x80) return { at: start + digit + 1, end: start + digit + 1 + length };
  }
  return undefined;
}
