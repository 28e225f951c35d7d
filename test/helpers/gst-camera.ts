import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { endChild, spawnChild } from '../../src/shared/child.ts';

export interface GstStream {
  /** Path of an MP4 with a video track of this codec. */
  readonly clip: string;
  readonly codec: 'h264' | 'h265';
  readonly sound?: 'pcma' | 'aac';
}

export interface GstCameraOptions {
  readonly streams: Readonly<Record<string, GstStream>>;
  /** No username: no authentication; otherwise Digest. */
  readonly username?: string;
  readonly password?: string;
}

export interface GstCamera extends AsyncDisposable {
  urlOf(path: string): string;
}

const script = new URL('./gst_camera.py', import.meta.url).pathname;

/** A camera that somebody else wrote: GStreamer's RTSP server, over TCP and UDP. Debian's python alone knows it. */
export async function startGstCamera(options: GstCameraOptions): Promise<GstCamera> {
  const child = spawnChild('/usr/bin/python3', [script, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('a camera says its port');
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line', { signal: AbortSignal.timeout(30_000) });
  const { port } = JSON.parse(String(line)) as { port: number };
  return {
    urlOf: (path) => `rtsp://127.0.0.1:${port}${path}`,
    [Symbol.asyncDispose]: async () => {
      lines.close();
      await endChild(child, 2_000);
    },
  };
}
