import { expect, test } from 'vitest';
import type { DemoRun } from '../../helpers/demo-run.ts';
import { launchBrowser } from '../../helpers/wall-browser.ts';

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

  test('an auditor has a page of the ledger, with its verdict, and asks for nothing else', async () => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const refused: string[] = [];
      page.on('response', (response) => response.status() === 403 && refused.push(response.url()));
      await page.goto(demo().url);
      await page.getByTestId('login-name').fill('auditor');
      await page.getByTestId('login-password').fill(demo().password);
      await page.getByTestId('login-submit').click();
      const verdict = page.getByTestId('audit-verdict');
      await expect.poll(() => verdict.textContent(), { timeout: 60_000 }).toMatch(/^\d+ 行完好/);
      expect(await page.locator('tbody tr').count()).toBeGreaterThan(10);
      await page.getByTestId('logout').click();
      await page.getByTestId('login-name').waitFor();
      expect(refused).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 120_000);
}
