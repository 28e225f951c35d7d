/** A process that plays footage through ffmpegs and takes RTMP pushes, until it is killed. Argument: the clip. */
import { argv, stdout } from 'node:process';
import { camera, play, startSources } from './playing.ts';

const [, , clip = ''] = argv;
const cameras = [1, 2, 3].map((number) => camera(`file:${clip}`, { id: `cam-${number}` }));
const pushed = camera('rtmp', { id: 'drone-1', publishKey: 'canary-secret-of-drone-1' });
const { sources } = startSources([...cameras, pushed]);
sources.intake.on('state', (state) => {
  if (state.phase === 'listening') stdout.write(`listening on ${state.port}\n`);
});
const played = cameras.map((config) => play(sources, config));
const look = setInterval(() => {
  if (played.some(({ pictures }) => pictures.length === 0)) return;
  stdout.write('all play\n');
  clearInterval(look);
}, 50);
