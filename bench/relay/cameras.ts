import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { answerEach, programOptions, say, sharedClockMs } from '../program.ts';
import { keyInterval } from './clip.ts';

export interface KeyTimes {
  /** For each camera when its key pictures went on the air, by the shared clock. */
  readonly keyTimes: readonly (readonly number[])[];
}

/* The simulated cameras, each a path of one RTSP server. Says `{ urls }`, and answers each question with `KeyTimes`. */
const { clip, cameras } = programOptions<{ clip: string; cameras: number }>();
const paths = Array.from({ length: cameras }, (_, n) => `/camera-${n}`);
const keyTimes = paths.map((): number[] => []);
const note = (camera: number, picture: number) => {
  if (picture % keyInterval === 0) keyTimes[camera]?.push(sharedClockMs());
};
const server = await startRtspServer({
  streams: Object.fromEntries(
    paths.map((path, n) => [path, { clip, onPicture: (picture: number) => note(n, picture) }]),
  ),
});
say({ urls: paths.map((path) => server.urlOf(path)) });
await answerEach(async () => ({ keyTimes }) satisfies KeyTimes);
