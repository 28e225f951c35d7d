import process from 'node:process';
import { startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { openStore } from '../../../src/store/store.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { Recorder } from '../../../src/streams/recorder/recorder.ts';
import { resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { TranscoderSlots } from '../../../src/streams/transcode/transcoder-slots.ts';

/** Records the clip, the first argument, in the folder, the second, until it is killed; says `recording` when it does. */
const [clip = '', directory = ''] = process.argv.slice(2);
const server = await startRtspServer({ streams: { '/main': { clip } } });
const cameras = resolveCameras({ cameras: [{ id: 'cam', source: server.url, record: true }] });
const store = await openStore(`${directory}/operations.sqlite`);
const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
const streams = new CameraStreams({ cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog });
const recorder = new Recorder({
  transcoding: { slots: new TranscoderSlots(1), ffmpegPath: 'ffmpeg' },
  cameras,
  config: { days: 3, maxDiskPercent: 99 },
  dataDirectory: directory,
  store,
  feed: (camera, take) => streams.feed(camera, take),
  log: silentLog,
});
recorder.start();
const told = setInterval(() => {
  if (recorder.states().get('cam')?.phase !== 'recording') return;
  clearInterval(told);
  process.stdout.write('recording\n');
}, 50);
