import { join } from 'node:path';
import { Program, root } from '../../helpers/program.ts';
import { makeClip } from '../clips.ts';

export interface Held {
  readonly timers: number;
  readonly sockets: number;
  readonly files: number;
  readonly children: number;
  readonly phases: readonly string[];
  readonly rss: number;
  readonly heapUsed: number;
  /** Log lines, and changes of a camera's phase. */
  readonly lines: number;
  readonly changes: number;
  /** Sessions begun, those at a camera that was off included. */
  readonly attempts: number;
}

export interface Flapping {
  readonly cameras: number;
  readonly upMs: number;
  readonly downMs: number;
  readonly cycles: number;
  /** After so many cycles the memory is taken for warm. */
  readonly warmAfter: number;
}

export interface Flapped {
  readonly before: Held;
  /** After `warmAfter` cycles and at the end, both while the cameras are off and after a forced collection. */
  readonly warm: Held;
  readonly end: Held;
  /** Nobody watches any more. */
  readonly after: Held;
  /** Connections to all cameras, and the most one camera had at a time. */
  readonly dials: number;
  readonly most: number;
}

/** Cameras in one process, the house that watches them in another, until the cameras have flapped so often. */
export async function flap({ cameras, upMs, downMs, cycles, warmAfter }: Flapping): Promise<Flapped> {
  const clip = await makeClip({ size: '320x240', gop: 5 });
  const words = [clip, cameras, upMs, downMs, cycles].map(String);
  await using street = new Program([join(root, 'test/streams/flapping/cameras-process.ts'), ...words], {
    stdin: 'pipe',
  });
  const [, urls = '[]'] = await street.said(/^cameras (.*)/, 30_000);
  const script = join(root, 'test/streams/flapping/house-process.ts');
  await using house = new Program(['--expose-gc', script, urls], { stdin: 'pipe' });
  const tell = async (command: string): Promise<Held> => {
    house.write(`${command}\n`);
    const [, , held = '{}'] = await house.said(new RegExp(`^(${command}) (.*)`), 60_000);
    return JSON.parse(held);
  };
  const before = await tell('before');
  await tell('watch');
  street.write('go\n');
  const allMs = (upMs + downMs + 2_000) * cycles + 60_000;
  await street.said(new RegExp(`^down ${warmAfter}$`), allMs);
  const warm = await tell('warm');
  await street.said(new RegExp(`^down ${cycles}$`), allMs);
  const end = await tell('end-of-flapping');
  const [, over = '{}'] = await street.said(/^over (.*)/, allMs);
  const after = await tell('leave');
  const { dials, most } = JSON.parse(over) as { dials: number; most: number };
  street.write('bye\n');
  house.write('end\n');
  return { before, warm, end, after, dials, most };
}
