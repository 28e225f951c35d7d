import { once } from 'node:events';
import { endChild, spawnChild } from '../../shared/child.ts';
import type { Log } from '../../shared/log.ts';

/** A way of ffmpeg to decode on a device, and the form its pictures have there. */
export interface Hardware {
  readonly name: string;
  readonly format: string;
}

/** Best first. What is left out needs decoders of its own or has no device on a server. */
const known: readonly Hardware[] = [
  { name: 'cuda', format: 'cuda' },
  { name: 'vaapi', format: 'vaapi' },
  { name: 'videotoolbox', format: 'videotoolbox_vld' },
  { name: 'd3d11va', format: 'd3d11' },
];

const probeTimeoutMs = 5_000;
const maxListBytes = 16_384;

export interface HardwareDecodingOptions {
  readonly ffmpegPath: string;
  readonly decoding: 'auto' | 'software';
  readonly log: Log;
}

/** Which cameras' pictures a device decodes: those of all cameras when there is one, but of none twice whose stream it cannot. */
export class HardwareDecoding {
  readonly #options: HardwareDecodingOptions;
  readonly #refused = new Set<string>();
  #found: Promise<Hardware | undefined> | undefined;

  constructor(options: HardwareDecodingOptions) {
    this.#options = options;
  }

  /** What is to decode this camera; undefined for ffmpeg's own decoder. The first who asks waits until it is known. */
  async of(camera: string): Promise<Hardware | undefined> {
    this.#found ??= this.#find();
    const found = await this.#found;
    return this.#refused.has(camera) ? undefined : found;
  }

  /** The device did not decode the camera's stream: it is left to software from now on. */
  refuse(camera: string, err: Error): void {
    this.#refused.add(camera);
    this.#options.log.warn({ camera, err }, 'hardware does not decode this camera; software does');
  }

  async #find(): Promise<Hardware | undefined> {
    const { ffmpegPath, decoding, log } = this.#options;
    const found = decoding === 'software' ? undefined : await findHardware(ffmpegPath);
    log.info({ decoder: found?.name ?? 'software' }, 'pictures for the detector are decoded');
    return found;
  }
}

/** The first that ffmpeg was built with and whose device opens on this machine. */
async function findHardware(ffmpegPath: string): Promise<Hardware | undefined> {
  const { output } = await run(ffmpegPath, ['-hide_banner', '-hwaccels']);
  const built = new Set(output.split('\n').map((line) => line.trim()));
  for (const hardware of known) if (built.has(hardware.name) && (await opens(ffmpegPath, hardware))) return hardware;
  return undefined;
}

async function opens(ffmpegPath: string, { name }: Hardware): Promise<boolean> {
  const blank = ['-f', 'lavfi', '-i', 'nullsrc=size=64x64:duration=0.04', '-frames:v', '1', '-f', 'null', '-'];
  const { code } = await run(ffmpegPath, [
    '-hide_banner',
    '-loglevel',
    'error',
    '-nostdin',
    '-init_hw_device',
    name,
    ...blank,
  ]);
  return code === 0;
}

/** Whatever goes wrong is a no. */
async function run(command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawnChild(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    if (output.length < maxListBytes) output += chunk.toString('latin1');
  });
  try {
    await once(child, 'close', { signal: AbortSignal.timeout(probeTimeoutMs) });
    return { code: child.exitCode, output };
  } catch {
    return { code: null, output: '' };
  } finally {
    child.on('error', () => undefined);
    await endChild(child, 500);
  }
}
