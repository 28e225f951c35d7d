import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';
import { runCameraSession } from '../camera/camera-session.ts';
import { CameraNotFoundError } from '../camera-streams.ts';
import { discoverDevices } from '../onvif/discovery.ts';
import { OnvifCamera } from '../onvif/onvif-camera.ts';
import { chooseProfile } from '../onvif/onvif-profile.ts';
import { parseOnvifUrl } from '../onvif/onvif-source.ts';
import { type ProbedPicture, type ProbeSource, probeCamera } from '../onvif/probe.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { readVideoFormat } from '../rtp/video-format.ts';
import { failureOf } from '../stream-failure.ts';
import type { FoundDevice, ProbeStage, ProbeTarget, PtzCommand } from './camera-actions.ts';

/** Only an ONVIF camera can be told to turn. */
export class NotSteerableError extends AppError {
  readonly code = 'CAMERA_NOT_STEERABLE';
  override readonly statusCode = 409;

  constructor(camera: string) {
    super(`Camera ${camera} is not an onvif:// source: it cannot be steered.`);
  }
}

type Source = Pick<CameraConfig, 'source' | 'username' | 'password'>;

const callDeadlineMs = 10_000;
const probeDeadlineMs = 20_000;
const discoverMs = 3_000;

/** What engineers and seats do with a camera besides watching it: steer, search, find out why it fails. */
export class CameraTools {
  #cameras: ReadonlyMap<string, CameraConfig> = new Map();

  constructor({ cameras }: { readonly cameras: readonly CameraConfig[] }) {
    this.configure(cameras);
  }

  /** From now on these are the cameras. */
  configure(cameras: readonly CameraConfig[]): void {
    this.#cameras = new Map(cameras.map((camera) => [camera.id, camera]));
  }

  /** Moves for `seconds` and stops, or goes to a preset. Fails with `NotSteerableError` or an `OnvifError`. */
  async ptz(
    id: string,
    { preset, stop = false, seconds = 0.5, pan = 0, tilt = 0, zoom = 0 }: PtzCommand,
  ): Promise<void> {
    const signal = AbortSignal.timeout(callDeadlineMs + seconds * 1_000);
    const { camera, profile } = await steerable(this.#find(id), id, signal);
    if (stop) return await camera.stop(profile, signal);
    if (preset !== undefined) return await camera.gotoPreset(profile, preset, signal);
    await camera.continuousMove(profile, { pan, tilt, zoom, timeoutMs: seconds * 1_000 }, signal);
    await sleep(seconds * 1_000);
    await camera.stop(profile, signal);
  }

  /** Every ONVIF device that answers a probe on any interface. */
  async discover(): Promise<FoundDevice[]> {
    const devices = await discoverDevices({ timeoutMs: discoverMs });
    return devices.map(({ address, xaddr, name, hardware }) => ({
      address,
      source: `onvif://${new URL(xaddr).host}${new URL(xaddr).pathname}`,
      ...(name !== undefined && { name }),
      ...(hardware !== undefined && { model: hardware }),
    }));
  }

  /** Walks a camera from its name to its first picture; the first stage that fails is the last. Throws CameraNotFoundError. */
  async probe({ id, source = '', username, password }: ProbeTarget): Promise<ProbeStage[]> {
    const given = { source, ...(username && { username }), ...(password && { password }) };
    const { source: url, ...credentials }: Source = id === undefined ? given : this.#find(id);
    const target = { url, username: credentials.username, password: credentials.password };
    const stages: ProbeStage[] = [];
    for await (const stage of probeCamera(target, { play }, AbortSignal.timeout(probeDeadlineMs))) stages.push(stage);
    return stages;
  }

  #find(id: string): CameraConfig {
    const camera = this.#cameras.get(id);
    if (!camera) throw new CameraNotFoundError();
    return camera;
  }
}

const credentialsOf = ({ username, password = '' }: Pick<Source, 'username' | 'password'>) =>
  username === undefined ? {} : { credentials: { username, password } };

/** One session, ended by its first key picture. */
async function play(source: ProbeSource, onPlaying: () => void, signal: AbortSignal): Promise<ProbedPicture> {
  const { username, password, url } = source;
  const login = credentialsOf({
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  });
  const first = Promise.withResolvers<AccessUnit>();
  const ending = new AbortController();
  const events = {
    playing: onPlaying,
    picture: (unit: AccessUnit) => unit.key && first.resolve(unit),
    verdict: () => {},
  };
  const session = runCameraSession({
    source: { url, ...login },
    events,
    signal: AbortSignal.any([signal, ending.signal]),
  });
  session.then(() => first.reject(signal.reason), first.reject);
  try {
    const { codec, parameters } = await first.promise;
    const { width, height } = readVideoFormat(codec, parameters.sps);
    return { codec, width, height };
  } catch (error) {
    throw failureOf(error);
  } finally {
    ending.abort();
    await session.catch(() => undefined);
  }
}

async function steerable(target: Source, id: string, signal: AbortSignal) {
  if (!target.source.startsWith('onvif:')) throw new NotSteerableError(id);
  const { address, wanted } = parseOnvifUrl(target.source);
  const camera = new OnvifCamera({ address, ...credentialsOf(target) });
  const profile = chooseProfile(await camera.profiles(signal), wanted);
  if (!profile) throw new NotSteerableError(id);
  return { camera, profile: profile.token };
}
