import { type Browser, chromium, type Page } from 'playwright-core';
import type { Played } from './page-contract.ts';

/** Root in a container has no sandbox of its own, and a headless machine no graphics card. */
const args = ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader'];

/** Debian's Chromium with the page of players open in it. */
export class PlayerBrowser implements AsyncDisposable {
  readonly #browser: Browser;
  readonly page: Page;

  constructor(browser: Browser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  /** Starts to play; what played before is stopped. Rejects when it is refused. */
  async play(over: 'flv' | 'whep', url: string, options: { readonly hasAudio?: boolean } = {}): Promise<void> {
    await this.page.evaluate(`players.play(...${JSON.stringify([over, url, options])})`);
  }

  async played(): Promise<Played> {
    return await this.page.evaluate('players.played()');
  }

  async stop(): Promise<void> {
    await this.page.evaluate('players.stop()');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

export async function openPlayerBrowser(url: string): Promise<PlayerBrowser> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args, timeout: 90_000 });
  try {
    const page = await browser.newPage();
    await page.goto(url, { timeout: 60_000 });
    return new PlayerBrowser(browser, page);
  } catch (error) {
    await browser.close();
    throw error;
  }
}
