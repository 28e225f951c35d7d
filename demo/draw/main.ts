/**
 * Draws the demo's clips: `node demo/draw/main.ts [name…]` writes demo/clips/<name>.mp4.
 * Needs ffmpeg with libx264 and libx265 on PATH; no font, no network.
 */
import { mkdir, stat } from 'node:fs/promises';
import { argv } from 'node:process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { encode } from './encode.ts';
import { render } from './render.ts';
import type { Scene } from './scene.ts';
import { bridge } from './scenes/bridge.ts';
import { curve } from './scenes/curve.ts';
import { fog } from './scenes/fog.ts';
import { pedestrian } from './scenes/pedestrian.ts';
import { pedestrianFog } from './scenes/pedestrian-fog.ts';
import { pedestrianNight } from './scenes/pedestrian-night.ts';
import { traffic } from './scenes/traffic.ts';
import { tunnel } from './scenes/tunnel.ts';

const scenes: readonly Scene[] = [traffic, tunnel, pedestrian, pedestrianNight, pedestrianFog, curve, fog, bridge];
const clips = fileURLToPath(new URL('../clips/', import.meta.url));

const asked = argv.slice(2);
await mkdir(clips, { recursive: true });
for (const scene of scenes.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const path = `${clips}${scene.name}.mp4`;
  await encode(Readable.from(render(scene)), { ...scene, ffmpeg: 'ffmpeg', path });
  console.log(`${path} ${scene.seconds} s, ${((await stat(path)).size / 1024).toFixed(0)} KiB`);
}
