import { receiptStates, type UnitReceipt } from './receipt.ts';
import type { UnitMessage } from './unit-message.ts';

/** How far each unit has come with the newest message that it has answered; rebuilt from the disk at start. */
export class LastReceipts {
  readonly #answered = new Map<string, string>();
  readonly #told: (unit: string, receipt: UnitReceipt) => void;

  constructor(told: (unit: string, receipt: UnitReceipt) => void) {
    this.#told = told;
  }

  /** The newest state of a message, as the disk has it. */
  know(message: UnitMessage): void {
    const { id, unit } = message;
    const receipt = receiptOf(message);
    // Ids sort by when they were made.
    if (!receipt || id < (this.#answered.get(unit) ?? '')) return;
    this.#answered.set(unit, id);
    this.#told(unit, receipt);
  }
}

/** What has expired had no answer but that it had come. */
function receiptOf({ state, times }: UnitMessage): UnitReceipt | undefined {
  const answered = receiptStates.find((name) => name === (state === 'expired' ? 'delivered' : state));
  const at = answered && times[answered];
  return answered && at !== undefined ? { state: answered, at } : undefined;
}
