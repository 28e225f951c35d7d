import { Jt808Terminal, type Jt808TerminalOptions } from '../../../demo/simulators/jt808-terminal.ts';
import type { DeviceConfig } from '../../../src/ingest/config.ts';
import type { Ingest } from '../../../src/ingest/ingest.ts';

/** `xun7` speaks the edition of 2013, `xun3` that of 2019. */
export const phones = { xun7: '013800138000', xun3: '13800138019' } as const;

export const jt808Devices: DeviceConfig[] = [
  { id: 'xun7', password: 'xun7-secret', kind: 'terminal', name: '巡7', jt808: { phone: phones.xun7 } },
  { id: 'xun3', password: 'xun3-secret', kind: 'terminal', name: '巡3', jt808: { phone: phones.xun3, datum: 'gcj02' } },
  { id: 'ws01', password: 'ws01-secret', kind: 'sensor' },
];

export const jt808 = { host: '127.0.0.1', port: 0 } as const;

/** Connects as one of them, or as whoever the options say, and says nothing yet. */
export function dial(ingest: Ingest, options: Partial<Jt808TerminalOptions> = {}): Promise<Jt808Terminal> {
  return Jt808Terminal.connect({ port: ingest.terminalAddress?.port ?? 0, phone: phones.xun7, ...options });
}

/** Connects and is in. */
export async function logIn(ingest: Ingest, options: Partial<Jt808TerminalOptions> = {}): Promise<Jt808Terminal> {
  const terminal = await dial(ingest, options);
  await terminal.logIn();
  return terminal;
}

export const xun3 = { phone: phones.xun3, edition: 2019 } as const;

/** To the second, as a terminal says it. */
export function wholeSecond(agoSeconds = 0): Date {
  return new Date((Math.floor(Date.now() / 1_000) - agoSeconds) * 1_000);
}
