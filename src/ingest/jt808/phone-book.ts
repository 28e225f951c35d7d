import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Datum } from '../../gis/datum.ts';
import { type Jt808Terminal, significantDigits } from './config.ts';

/** A device that may be a terminal of JT/T 808. */
export interface ListedDevice {
  readonly id: string;
  readonly password: string;
  readonly jt808?: Jt808Terminal;
}

export interface Terminal {
  readonly device: string;
  readonly datum: Datum;
  /** What it is given when it registers and has to show: the same after every restart. */
  readonly code: string;
}

/** Old terminals keep no more of a code. */
const codeLength = 24;

/** Which terminal has which number, and the code each must show. */
export class PhoneBook {
  readonly #terminals: ReadonlyMap<string, Terminal>;

  constructor(devices: readonly ListedDevice[]) {
    const entries = devices.flatMap(({ id, password, jt808 }) => {
      if (!jt808) return [];
      const digits = significantDigits(jt808.phone);
      return [[digits, { device: id, datum: jt808.datum ?? 'wgs84', code: codeOf(password, digits) }] as const];
    });
    this.#terminals = new Map(entries);
  }

  /** The terminal a header names. */
  find(phone: string): Terminal | undefined {
    return this.#terminals.get(significantDigits(phone));
  }

  /** What the device must show: another one when its number or its password is another. */
  codeOf(device: string): string | undefined {
    return [...this.#terminals.values()].find((terminal) => terminal.device === device)?.code;
  }
}

/** In constant time. */
export function isCodeOf({ code }: Terminal, shown: string): boolean {
  const expected = Buffer.from(code);
  const given = Buffer.from(shown, 'latin1');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function codeOf(password: string, digits: string): string {
  const key = createHmac('sha256', password).update('jt808 code').digest();
  return createHmac('sha256', key).update(digits).digest('hex').slice(0, codeLength);
}
