export interface SocketLimits {
  /** Sockets of one address that have not shown a password yet. */
  readonly strangersPerAddress: number;
  readonly perAddress: number;
}

interface Held {
  strangers: number;
  all: number;
}

/** A place taken by one socket. */
export interface SocketPlace {
  /** It has shown its password. */
  known(): void;
  leave(): void;
}

/** How many sockets each address holds. */
export class SocketQuota {
  readonly #limits: SocketLimits;
  readonly #byAddress = new Map<string, Held>();

  constructor(limits: SocketLimits) {
    this.#limits = limits;
  }

  /** Undefined when the address has its share already. */
  enter(address: string): SocketPlace | undefined {
    const held = this.#byAddress.get(address) ?? { strangers: 0, all: 0 };
    if (held.strangers >= this.#limits.strangersPerAddress || held.all >= this.#limits.perAddress) return undefined;
    this.#byAddress.set(address, held);
    held.strangers += 1;
    held.all += 1;
    return this.#place(address, held);
  }

  #place(address: string, held: Held): SocketPlace {
    let stranger = true;
    let present = true;
    const known = () => {
      if (stranger) held.strangers -= 1;
      stranger = false;
    };
    const leave = () => {
      if (!present) return;
      present = false;
      known();
      held.all -= 1;
      if (held.all === 0) this.#byAddress.delete(address);
    };
    return { known, leave };
  }
}
