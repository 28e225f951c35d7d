import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { openSmallSite, sitePassword } from '../helpers/small-site.ts';
import { launchBrowser, openWallPage } from '../helpers/wall-browser.ts';

test('an admin sets the second factor up at the door, finds it again from the bar, and the next login asks for it', async () => {
  await using site = await openSmallSite();
  await appendFile(
    join(site.config, 'tianliang.yaml'),
    'access: { secondFactor: { roles: [admin] } }\ndetector: { model: "missing/model.json" }\n',
  );
  await using server = await site.start();
  const browser = await launchBrowser();
  try {
    const { page, map } = await openWallPage(browser, 'wall');
    const logIn = async () => {
      await page.getByTestId('login-name').fill('admin');
      await page.getByTestId('login-password').fill(sitePassword);
      await page.getByTestId('login-submit').click();
    };
    await page.goto(server.url);
    await logIn();
    await page.getByTestId('enrol-qr').locator('svg').waitFor();
    const secret = (await page.getByTestId('enrol-secret').textContent()) ?? '';
    const code = new TOTP({ secret: Secret.fromBase32(secret.trim()) }).generate();
    await page.getByTestId('enrol-code').fill(code);
    await page.getByTestId('enrol-confirm').click();
    await page.getByTestId('enrol-done').waitFor();
    const codes = await page.getByTestId('recovery-codes').locator('li').allTextContents();
    expect(codes).toHaveLength(10);
    await page.getByTestId('enrol-done').click();
    await map.waitFor();
    // The server's detector has no model: every wall is told so.
    await page.getByTestId('detector-blind').waitFor();
    await page.getByTestId('account').click();
    await page.getByTestId('enrol-back').click();
    await map.waitFor();

    await page.getByTestId('logout').click();
    await logIn();
    await page.getByTestId('login-code').fill('000000');
    await page.getByTestId('login-submit').click();
    await expect.poll(() => page.getByRole('alert').first().textContent(), { timeout: 10_000 }).toContain('动态码');
    await page.getByTestId('login-code').fill(codes[0] ?? '');
    await page.getByTestId('login-submit').click();
    await map.waitFor();
  } finally {
    await browser.close();
  }
});
