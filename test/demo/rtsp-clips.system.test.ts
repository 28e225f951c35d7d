import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';

const run = promisify(execFile);

/** What a foreign client makes of the stream. */
async function probe(url: string): Promise<string> {
  const entries = 'stream=codec_name,width,height';
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-rtsp_transport',
    'tcp',
    '-show_entries',
    entries,
    '-of',
    'csv=p=0',
    url,
  ]);
  return stdout.trim();
}

test('ffprobe sees H.264 and H.265 in 1280×720 behind digest, with the sets in the SDP or in the stream', async () => {
  const streams = {
    '/traffic': { clip: 'demo/clips/traffic.mp4' },
    '/bare': { clip: 'demo/clips/traffic.mp4', sprop: false },
    '/bridge': { clip: 'demo/clips/bridge-h265.mp4', inBand: false },
  };
  await using camera = await startRtspServer({ streams, username: 'operator', password: 'p ss' });
  const url = (path: string) => camera.urlOf(path).replace('//', '//operator:p%20ss@');
  expect(await probe(url('/traffic'))).toBe('h264,1280,720');
  expect(await probe(url('/bare'))).toBe('h264,1280,720');
  expect(await probe(url('/bridge'))).toBe('hevc,1280,720');
  await expect(probe(camera.urlOf('/traffic'))).rejects.toThrow('401');
});

test('ffmpeg decodes through the seam of the loop without a complaint', async () => {
  await using camera = await startRtspServer({ streams: { '/main': { clip: 'demo/clips/pedestrian.mp4' } } });
  const input = ['-v', 'warning', '-rtsp_transport', 'tcp', '-i', camera.url, '-t', '3', '-f', 'null', '-'];
  const { stderr } = await run('ffmpeg', input);
  expect(stderr).toBe('');
});
