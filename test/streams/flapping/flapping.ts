import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** Cameras in one process, the house that watches them in another. */
class Street implements AsyncDisposable {
  readonly #cameras: Program;
  readonly #house: Program;

  private constructor(cameras: Program, house: Program) {
    this.#cameras = cameras;
    this.#house = house;
  }

  /** The house redials at once, so that each cycle is a restart, until it is told to be patient. */
  static async open(size: Omit<Flapping, 'warmAfter'>, lastDownMs = size.downMs): Promise<Street> {
    const clip = await makeClip({ size: '320x240', gop: 5 });
    const words = [clip, size.cameras, size.upMs, size.downMs, size.cycles, lastDownMs].map(String);
    await using opened = new AsyncDisposableStack();
    const script = (name: string) => join(root, `test/streams/flapping/${name}`);
    const cameras = opened.use(new Program([script('cameras-process.ts'), ...words], { stdin: 'pipe' }));
    const [, urls = '[]'] = await cameras.said(/^cameras (.*)/, 30_000);
    const house = opened.use(new Program(['--expose-gc', script('house-process.ts'), urls], { stdin: 'pipe' }));
    opened.move();
    return new Street(cameras, house);
  }

  /** What the house holds after a command; each is given once. */
  async tell(command: string): Promise<Held> {
    this.#house.write(`${command}\n`);
    const [, , held = '{}'] = await this.#house.said(new RegExp(`^(${command}) (.*)`), 60_000);
    return JSON.parse(held);
  }

  go(): void {
    this.#cameras.write('go\n');
  }

  /** What the cameras say next that matches. */
  async said(pattern: RegExp, withinMs: number): Promise<string> {
    const [, rest = ''] = await this.#cameras.said(pattern, withinMs);
    return rest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cameras.write('bye\n');
    this.#house.write('end\n');
    await Promise.all([this.#cameras.end(), this.#house.end()]);
  }
}

/** Watches cameras until they have flapped so often. */
export async function flap({ warmAfter, ...size }: Flapping): Promise<Flapped> {
  await using street = await Street.open(size);
  const before = await street.tell('before');
  await street.tell('watch');
  street.go();
  const allMs = (size.upMs + size.downMs + 2_000) * size.cycles + 60_000;
  await street.said(new RegExp(`^down ${warmAfter}$`), allMs);
  const warm = await street.tell('warm');
  await street.said(new RegExp(`^down ${size.cycles}$`), allMs);
  const end = await street.tell('end-of-flapping');
  const over = await street.said(/^over (.*)/, allMs);
  const after = await street.tell('leave');
  const { dials, most } = JSON.parse(over) as Pick<Flapped, 'dials' | 'most'>;
  return { before, warm, end, after, dials, most };
}

export interface Unplugged {
  /** Ten seconds after the power went, at a sixth of the time and at its end, and a while after it came back. */
  readonly dark: Held;
  readonly early: Held;
  readonly late: Held;
  readonly back: Held;
  readonly dials: number;
  readonly most: number;
}

/** V8 goes on compiling what runs again and again, and what it compiles lies in the heap: a house that is warm has done so. */
const warming = { upMs: 300, downMs: 300, cycles: 200 };

/** Watches cameras that flap and then are without power for so long, as a house does: it dials less and less often. */
export async function unplug(cameras: number, downMs: number): Promise<Unplugged> {
  await using street = await Street.open({ cameras, ...warming }, downMs);
  await street.tell('watch');
  street.go();
  await street.said(new RegExp(`^down ${warming.cycles}$`), 600_000);
  await street.tell('patient');
  await sleep(Math.min(10_000, downMs / 6));
  const dark = await street.tell('dark');
  await sleep(downMs / 6);
  const early = await street.tell('early');
  const over = await street.said(/^over (.*)/, downMs + 60_000);
  const late = await street.tell('late');
  // The longest wait between two dials, and what a dial takes.
  await sleep(70_000);
  const back = await street.tell('back');
  return { dark, early, late, back, ...(JSON.parse(over) as Pick<Unplugged, 'dials' | 'most'>) };
}
