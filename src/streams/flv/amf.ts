export type AmfValue = number | boolean | string;

/** An AMF 0 data message: the name and an ECMA array of its values (AMF 0 §2.2, 2.3, 2.4, 2.10). */
export function amfMessage(name: string, values: Readonly<Record<string, AmfValue>>): Buffer {
  const entries = Object.entries(values);
  const count = Buffer.alloc(5, 0x08);
  count.writeUInt32BE(entries.length, 1);
  const pairs = entries.flatMap(([key, value]) => [shortText(key), amfValue(value)]);
  return Buffer.concat([amfValue(name), count, ...pairs, Buffer.of(0, 0, 0x09)]);
}

function amfValue(value: AmfValue): Buffer {
  if (typeof value === 'boolean') return Buffer.of(0x01, value ? 1 : 0);
  if (typeof value === 'string') return Buffer.concat([Buffer.of(0x02), shortText(value)]);
  const number = Buffer.alloc(9, 0x00);
  number.writeDoubleBE(value, 1);
  return number;
}

function shortText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
