import { setTimeout as delay } from 'node:timers/promises';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { answerEach, programOptions, say, sharedClockMs } from '../program.ts';

export interface CameraPictures {
  readonly clip: string;
  readonly cameras: number;
  /** Between the beginnings of two cameras: what happens on a road does not happen everywhere at once. */
  readonly staggerMs: number;
}

export interface SentPicture {
  readonly number: number;
  readonly at: number;
}

/** For each camera what it has sent so far, by the shared clock. */
export interface SentAnswer {
  readonly sent: readonly (readonly SentPicture[])[];
}

/* The simulated cameras, each a server of its own. Says `{ urls }`, and answers each question with `SentAnswer`. */
const { clip, cameras, staggerMs } = programOptions<CameraPictures>();
const sent: SentPicture[][] = [];
const urls: string[] = [];
for (let camera = 0; camera < cameras; camera += 1) {
  const pictures: SentPicture[] = [];
  sent.push(pictures);
  const onPicture = (number: number) => pictures.push({ number, at: sharedClockMs() });
  const server = await startRtspServer({ streams: { '/main': { clip, onPicture } } });
  urls.push(server.urlOf('/main'));
  await delay(staggerMs);
}
say({ urls });
await answerEach(async () => ({ sent }) satisfies SentAnswer);
