import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import type { Alert } from '../../src/alerts/alert.ts';
import type { ServerMessage } from '../../src/live/contract.ts';

/** Root in a container has no sandbox of its own, and a headless machine no graphics card. */
const args = ['--no-sandbox', '--disable-gpu', '--enable-unsafe-swiftshader'];

interface Told {
  readonly at: number;
  readonly alert: Alert;
}

export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: '/usr/bin/chromium', args, timeout: 90_000 });
}

/** One person's browser with the wall in it, and all it complained about. */
export class WallPage {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #complaints: string[] = [];
  readonly #told: Told[] = [];

  constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.setDefaultTimeout(90_000);
    page.on('pageerror', (error) => this.#complaints.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.#complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('websocket', (socket) => {
      if (new URL(socket.url()).pathname === '/ws')
        socket.on('framereceived', ({ payload }) => this.#hear(`${payload}`));
    });
  }

  get map(): Locator {
    return this.page.getByTestId('map');
  }

  /** What no part of the wall should ever say; a violated policy is an error on the console too. */
  get complaints(): readonly string[] {
    return this.#complaints.filter((text) => !/401 \(Unauthorized\) \S+\/api\/v1\/auth\/me$/.test(text));
  }

  /** Resolves when somebody who was out is in. */
  async logIn(url: string, username: string, password: string): Promise<void> {
    await this.page.goto(url, { timeout: 90_000 });
    await this.page.getByTestId('login-name').fill(username);
    await this.page.getByTestId('login-password').fill(password);
    await this.page.getByTestId('login-submit').click();
    await this.map.waitFor();
  }

  /** When its WebSocket was told, in an event, that the alert is so; undefined before. */
  toldAt(id: string, state: string): number | undefined {
    return this.#told.find(({ alert }) => alert.id === id && alert.state === state)?.at;
  }

  alert(id: string): Locator {
    return this.page.locator(`[data-testid=alert-row][data-alert="${id}"]`);
  }

  tile(camera: string): Locator {
    return this.page.locator(`[data-testid=live-tile][data-camera="${camera}"]`);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  #hear(text: string): void {
    const message = JSON.parse(text) as ServerMessage;
    if (message.type === 'event' && message.topic === 'alerts')
      this.#told.push({ at: Date.now(), alert: message.data as Alert });
  }
}

/** The screen of a wall, and one of a desk. */
export const screens = { wall: { width: 1_920, height: 1_080 }, desk: { width: 1_280, height: 720 } } as const;

/** A browser profile of its own: nobody else's cookie. Nothing glides, so that a machine without graphics keeps up. */
export async function openWallPage(browser: Browser, screen: keyof typeof screens): Promise<WallPage> {
  const options = { viewport: screens[screen], locale: 'zh-CN', reducedMotion: 'reduce' } as const;
  const context = await browser.newContext(options);
  return new WallPage(context, await context.newPage());
}
