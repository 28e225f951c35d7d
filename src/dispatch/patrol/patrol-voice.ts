import type { GeoPoint } from '../../gis/point.ts';
import type { Actor } from '../../shared/actor.ts';
import { isWithin, WeekClocks } from '../../shared/weekly-hours.ts';
import type { UnitBoard } from '../unit-board.ts';
import { NoUnitError, OffShiftError } from './patrol-errors.ts';

/** Where the phone is, as its page says it: metres, metres a second, degrees from north. */
export interface PagePosition {
  readonly type: 'position';
  readonly point: GeoPoint;
  readonly accuracy?: number;
  readonly speed?: number;
  readonly heading?: number;
}

/** A call for help from the page; the same key is the same call. */
export interface PageCall {
  readonly type: 'sos';
  readonly key: string;
  readonly point?: GeoPoint;
}

export type PageWord = PagePosition | PageCall;

export interface PatrolVoiceOptions {
  readonly board: Pick<UnitBoard, 'terminalOf' | 'sendables'>;
  /** Takes it as if the device had said it just now. Resolves once it is on disk. */
  readonly say: (device: string, word: PageWord) => Promise<void>;
  readonly now?: () => Date;
}

/** What a patrol's page says for the unit of its account, by the way of the unit's terminal. */
export class PatrolVoice {
  readonly #options: PatrolVoiceOptions;
  readonly #clocks = new WeekClocks();

  constructor(options: PatrolVoiceOptions) {
    this.#options = options;
  }

  /** Fails with `NO_UNIT`, and for a position with `OFF_SHIFT`; a call for help is always taken. */
  async say({ unit }: Actor, word: PageWord): Promise<void> {
    const device = unit === undefined ? undefined : this.#options.board.terminalOf(unit);
    if (unit === undefined || device === undefined) throw new NoUnitError();
    if (word.type === 'position' && !this.#isOnShift(unit)) throw new OffShiftError(unit);
    await this.#options.say(device, word);
  }

  #isOnShift(unit: string): boolean {
    const { board, now = () => new Date() } = this.#options;
    const shift = board.sendables().find(({ id }) => id === unit)?.shift;
    return !shift || isWithin(shift, this.#clocks.read(now(), shift.timezone));
  }
}
