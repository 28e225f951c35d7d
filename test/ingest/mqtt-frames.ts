/* Packets of MQTT 3.1.1 made by hand, so that each byte of them can be wrong. */

export type Part = Uint8Array | string | readonly number[];

/** The bytes of parts; a text is the text itself, without its length. */
export function bytes(...parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))));
}

/** A packet of the first byte, its true remaining length (§2.2.3) and the rest. */
export function frame(first: number, ...parts: readonly Part[]): Buffer {
  const body = bytes(...parts);
  const digits: number[] = [];
  let rest = body.length;
  do {
    digits.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes([first, ...digits], body);
}

/** A string or binary field (§1.5.3): its length in two bytes, and it. */
export function field(content: Part): Buffer {
  const plain = bytes(content);
  return bytes(number16(plain.length), plain);
}

export function number16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

export interface Hello {
  readonly first: number;
  readonly name: Part;
  readonly level: number;
  /** User name, password, will retain, will QoS (two bits), will, clean session, reserved (§3.1.2.3). */
  readonly flags: number;
  readonly keepAlive: number;
  /** The payload; without it client id, user name and password of `id`. */
  readonly payload: readonly Part[];
}

/** CONNECT of a device that is known, as far as it is not said otherwise. */
export function hello(id: string, other: Partial<Hello> = {}): Buffer {
  const payload = [field(id), field(id), field(`${id}-secret`)];
  const said: Hello = { first: 0x10, name: 'MQTT', level: 4, flags: 0xc2, keepAlive: 0, payload, ...other };
  return frame(said.first, field(said.name), [said.level, said.flags], number16(said.keepAlive), ...said.payload);
}
