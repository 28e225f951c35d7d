import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const clip = (name: string) => fileURLToPath(new URL(`../../demo/clips/${name}.mp4`, import.meta.url));
const names = ['traffic', 'tunnel', 'pedestrian', 'pedestrian-night', 'pedestrian-fog', 'curve', 'fog', 'bridge-h265'];

interface Probe {
  readonly streams: readonly {
    codec_name: string;
    width: number;
    height: number;
    has_b_frames: number;
    duration: string;
    r_frame_rate: string;
  }[];
  readonly packets: readonly { pts: number; dts: number; flags: string }[];
}

async function probe(name: string): Promise<Probe> {
  const args = ['-v', 'error', '-show_streams', '-show_packets', '-of', 'json', clip(name)];
  const { stdout } = await promisify(execFile)('ffprobe', args, { maxBuffer: 16_000_000 });
  return JSON.parse(stdout);
}

test.each(names)('%s is what a camera would send: 720p, a key frame every second, no B-frames', async (name) => {
  const { streams, packets } = await probe(name);
  const codec_name = name === 'bridge-h265' ? 'hevc' : 'h264';
  expect(streams).toHaveLength(1);
  expect(streams[0]).toMatchObject({ codec_name, width: 1280, height: 720, has_b_frames: 0, r_frame_rate: '15/1' });
  expect(Number(streams[0]?.duration)).toBeGreaterThanOrEqual(16);
  expect(packets.every(({ pts, dts }) => pts === dts)).toBe(true);
  const keys = packets.flatMap(({ flags }, index) => (flags.startsWith('K') ? [index] : []));
  expect(keys).toEqual(Array.from({ length: packets.length / 15 }, (_, second) => second * 15));
});

test('all clips together are at most 3 MB', () => {
  const bytes = names.reduce((sum, name) => sum + statSync(clip(name)).size, 0);
  expect(bytes).toBeLessThanOrEqual(3_000_000);
});
