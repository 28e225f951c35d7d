/** Cameras that lose power again and again: so many, so long up and down, so many times, the last time longer. Says their URLs first. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';

const [clip = '', count = '5', upMs = '300', downMs = '300', cycles = '20', lastDownMs = downMs] =
  process.argv.slice(2);

// A loopback address of its own: while a camera is off, nobody on 127.0.0.1 can take its port.
const host = `127.16.${(process.pid >> 8) & 0xff}.${process.pid & 0xff}`;
const cameras = await Promise.all(
  Array.from({ length: Number(count) }, () => startRtspServer({ host, streams: { '/main': { clip } } })),
);
let most = 0;
const watch = setInterval(() => {
  most = Math.max(most, ...cameras.map(({ clients }) => clients));
}, 5);
process.stdout.write(`cameras ${JSON.stringify(cameras.map(({ url }) => url))}\n`);
await new Promise((resolve) => process.stdin.once('data', resolve));
for (let cycle = 1; cycle <= Number(cycles); cycle += 1) {
  await sleep(Number(upMs));
  await Promise.all(cameras.map((camera) => camera.refuse()));
  process.stdout.write(`down ${cycle}\n`);
  await sleep(Number(cycle < Number(cycles) ? downMs : lastDownMs));
  await Promise.all(cameras.map((camera) => camera.restore()));
}
const dials = cameras.reduce((sum, camera) => sum + camera.dials, 0);
process.stdout.write(`over ${JSON.stringify({ dials, most })}\n`);
await new Promise((resolve) => process.stdin.once('data', resolve));
clearInterval(watch);
await Promise.all(cameras.map((camera) => camera.close()));
