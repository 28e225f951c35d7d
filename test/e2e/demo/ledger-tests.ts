import { expect, test } from 'vitest';
import type { DemoRun } from '../../helpers/demo-run.ts';

interface LedgerRow {
  readonly actor: string;
  readonly action: string;
  readonly result: string;
  readonly object?: string;
}

/** What was done, once it was done. */
export function ledgerTests(demo: () => DemoRun): void {
  test('the ledger holds what was done and who was turned away, and its chain is whole', async () => {
    const admin = await demo().login('admin');
    const verdict = await admin.get<{ intact: boolean; rows: number }>('/ledger/verify');
    expect(verdict.intact).toBe(true);
    expect(verdict.rows).toBeGreaterThan(10);
    const { items } = await admin.get<{ items: LedgerRow[] }>('/ledger?limit=1000');
    const deeds = new Set(items.map(({ action, result }) => `${action} ${result}`));
    expect([...deeds]).toEqual(expect.arrayContaining(['watch.start ok', 'alert.acknowledge ok']));
    expect(items.some(({ result }) => result === 'denied')).toBe(true);
  });
}
