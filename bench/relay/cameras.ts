import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { programOptions, say } from '../program.ts';

/* The simulated cameras, each a path of one RTSP server. Says `{ urls }`. */
const { clip, cameras } = programOptions<{ clip: string; cameras: number }>();
const paths = Array.from({ length: cameras }, (_, n) => `/camera-${n}`);
const server = await startRtspServer({ streams: Object.fromEntries(paths.map((path) => [path, { clip }])) });
say({ urls: paths.map((path) => server.urlOf(path)) });
