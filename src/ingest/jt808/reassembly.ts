import { messageIds, type Packet } from './packet.ts';

export interface ReassemblyLimits {
  readonly messages: number;
  readonly parts: number;
  readonly ageMs: number;
}

/** 64 parts are 64 KiB: more than any terminal keeps of its positions. */
const defaultLimits: ReassemblyLimits = { messages: 2, parts: 64, ageMs: 60_000 };

/** A message that came whole or has become so, and the serials it came under: each is answered. */
export interface WholeMessage extends Omit<Packet, 'part'> {
  readonly serials: readonly number[];
}

export type Joined =
  | { readonly state: 'whole'; readonly message: WholeMessage }
  | { readonly state: 'waiting' }
  | { readonly state: 'refused' };

const spoken: ReadonlySet<number> = new Set(Object.values(messageIds));

interface Unfinished {
  readonly parts: Map<number, Packet>;
  heardAt: number;
}

/** Joins the parts of long messages, whose serials follow one another; what is never finished is forgotten. */
export class Reassembly {
  readonly #limits: ReassemblyLimits;
  readonly #forgotten: () => void;
  readonly #unfinished = new Map<string, Unfinished>();

  /** `forgotten` is told of each message that is given up unfinished. */
  constructor(forgotten: () => void, limits: Partial<ReassemblyLimits> = {}) {
    this.#forgotten = forgotten;
    this.#limits = { ...defaultLimits, ...limits };
  }

  join(packet: Packet, now: number): Joined {
    const { part, serial } = packet;
    this.#forget(now);
    // What we do not speak is not kept either: it is refused piece by piece.
    if (!part || !spoken.has(packet.id)) return { state: 'whole', message: { ...packet, serials: [serial] } };
    const { total, number } = part;
    if (number < 1 || number > total || total > this.#limits.parts) return { state: 'refused' };
    const key = `${packet.id}:${(serial - number + 1) & 0xffff}:${total}`;
    const unfinished = this.#unfinished.get(key) ?? this.#begin(key);
    unfinished.parts.set(number, packet);
    unfinished.heardAt = now;
    if (unfinished.parts.size < total) return { state: 'waiting' };
    this.#unfinished.delete(key);
    return { state: 'whole', message: whole(packet, unfinished) };
  }

  #begin(key: string): Unfinished {
    const unfinished = { parts: new Map<number, Packet>(), heardAt: 0 };
    this.#unfinished.set(key, unfinished);
    const [oldest] = this.#unfinished.keys();
    if (this.#unfinished.size > this.#limits.messages && oldest !== undefined) this.#drop(oldest);
    return unfinished;
  }

  #forget(now: number): void {
    for (const [key, { heardAt }] of this.#unfinished) if (now - heardAt > this.#limits.ageMs) this.#drop(key);
  }

  #drop(key: string): void {
    this.#unfinished.delete(key);
    this.#forgotten();
  }
}

function whole({ id, peer, serial }: Packet, { parts }: Unfinished): WholeMessage {
  const inOrder = [...parts].toSorted(([one], [other]) => one - other).map(([, packet]) => packet);
  const body = Buffer.concat(inOrder.map((packet) => packet.body));
  return { id, peer, serial, body, serials: inOrder.map((packet) => packet.serial) };
}
