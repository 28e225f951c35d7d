import { once } from 'node:events';
import { createRequire } from 'node:module';
import { AppError } from '../shared/app-error.ts';
import { endChild, spawnChild } from '../shared/child.ts';

/** No ffmpeg was found, or none that runs. */
export class FfmpegMissingError extends AppError {
  readonly code = 'FFMPEG_MISSING';

  constructor(tried: readonly string[]) {
    super(`No ffmpeg runs here; tried ${tried.join(', ')}. Install it (apt-get install ffmpeg) or set its path.`);
  }
}

const probeTimeoutMs = 5_000;

/** Where ffmpeg may be, best first: the configured path, the one npm brought, the one on PATH. */
export function ffmpegCandidates(configured: string | undefined): string[] {
  return [configured, bundledFfmpeg(), 'ffmpeg'].filter((path) => path !== undefined);
}

/** The first candidate that runs. Throws FfmpegMissingError. */
export async function findFfmpeg(candidates: readonly string[]): Promise<string> {
  for (const candidate of candidates) if (await runs(candidate)) return candidate;
  throw new FfmpegMissingError(candidates);
}

/** An optional dependency: it may be absent, or present without its binary. */
function bundledFfmpeg(): string | undefined {
  try {
    const path: unknown = createRequire(import.meta.url)('ffmpeg-static');
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

async function runs(command: string): Promise<boolean> {
  const child = spawnChild(command, ['-hide_banner', '-version'], { stdio: ['ignore', 'ignore', 'ignore'] });
  try {
    const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(probeTimeoutMs) });
    return code === 0;
  } catch {
    return false;
  } finally {
    child.on('error', () => undefined);
    await endChild(child, 500);
  }
}
