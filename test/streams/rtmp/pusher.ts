import { endChild, spawnChild } from '../../../src/shared/child.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { RtmpIntake } from '../../../src/streams/rtmp/rtmp-intake.ts';

export const key = 'canary-secret-of-drone-1';

/** An intake on a free port of this machine, listening. */
export async function startIntake(cameras: readonly string[] = ['drone-1'], log = silentLog) {
  const intake = new RtmpIntake({ host: '127.0.0.1', port: 0, log });
  intake.allow(cameras.map((camera) => ({ camera, key })));
  intake.start();
  const port = await listening(intake);
  return { intake, port, [Symbol.asyncDispose]: () => intake.close() };
}

/** The port the intake listens on, now or as soon as it does. */
export async function listening(intake: RtmpIntake): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const look = () => {
    const { state } = intake;
    if (state.phase === 'listening') resolve(state.port);
    if (state.phase === 'closed') reject(new Error('the intake was closed'));
  };
  intake.on('state', look);
  look();
  return await promise.finally(() => intake.off('state', look));
}

/** The real ffmpeg pushing a clip at its own speed, until disposed. */
export function push(clip: string, url: string) {
  const args = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-re', '-stream_loop', '-1', '-i', clip];
  const child = spawnChild('ffmpeg', [...args, '-c', 'copy', '-f', 'flv', url], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stderr?.resume();
  return { child, ended, [Symbol.asyncDispose]: () => endChild(child, 500) };
}
