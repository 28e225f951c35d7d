import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const walk = fileURLToPath(new URL('../../demo/clips/pedestrian.mp4', import.meta.url));
const fps = 15;
/** Where in the demo's clip somebody walks on the hard shoulder, and where nobody is there. */
const [walkFrom, stillFrom] = [9, 5];
export const movingSeconds = 6;
export const sceneSeconds = 60;

/**
 * A minute in which something moves for six seconds: the demo's walker and its traffic, then one picture of the same road,
 * all of it with the noise of a sensor and compressed anew. A key picture each second, as cameras are usually set.
 */
export async function makeCalmScene(directory: string): Promise<string> {
  const path = join(directory, 'calm-scene.mp4');
  const stillSeconds = sceneSeconds - movingSeconds;
  const still = `[0:v]trim=start=${stillFrom}:end_frame=${stillFrom * fps + 1},setpts=PTS-STARTPTS`;
  const held = `${still},tpad=stop_mode=clone:stop_duration=${stillSeconds},fps=${fps},trim=duration=${stillSeconds}[still]`;
  const moving = `[1:v]trim=start=${walkFrom}:duration=${movingSeconds},setpts=PTS-STARTPTS,fps=${fps}[moving]`;
  const graph = `${held};${moving};[moving][still]concat=n=2,noise=alls=7:allf=t,format=yuv420p`;
  const codec = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-b:v', '2M', '-maxrate', '2M'];
  const keys = ['-bufsize', '1M', '-g', `${fps}`, '-sc_threshold', '0'];
  const words = ['-hide_banner', '-loglevel', 'error', '-y', '-i', walk, '-i', walk, '-filter_complex', graph];
  await promisify(execFile)('ffmpeg', [...words, ...codec, ...keys, path], { timeout: 180_000 });
  return path;
}
