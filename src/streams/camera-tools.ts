import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../shared/app-error.ts';
import type { FoundDevice, ProbeStage, ProbeTarget, PtzCommand } from './camera-actions.ts';
import { runCameraSession } from './camera-session.ts';
import { CameraNotFoundError } from './camera-streams.ts';
import { discoverDevices } from './onvif/discovery.ts';
import { OnvifCamera } from './onvif/onvif-camera.ts';
import { chooseProfile } from './onvif/onvif-profile.ts';
import { parseOnvifUrl, resolveOnvifSource } from './onvif/onvif-source.ts';
import { probeStages } from './probe-stages.ts';
import type { CameraConfig } from './resolve-cameras.ts';
import { failureOf, StreamFailure } from './stream-failure.ts';

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
  readonly #cameras: ReadonlyMap<string, CameraConfig>;

  constructor({ cameras }: { readonly cameras: readonly CameraConfig[] }) {
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

  /** Plays the camera until its first picture; the first stage that fails is the last. Throws CameraNotFoundError. */
  async probe({ id, source = '', username, password }: ProbeTarget): Promise<ProbeStage[]> {
    const given = { source, ...(username && { username }), ...(password && { password }) };
    const target: Source = id === undefined ? given : this.#find(id);
    const signal = AbortSignal.timeout(probeDeadlineMs);
    let resolving = true;
    try {
      const url = await streamUrl(target, signal);
      resolving = false;
      await firstPicture(url, target, signal);
      return probeStages(target.source);
    } catch (error) {
      const { failure: cause, message } = failureOf(error);
      return probeStages(target.source, { cause, message, resolving });
    }
  }

  #find(id: string): CameraConfig {
    const camera = this.#cameras.get(id);
    if (!camera) throw new CameraNotFoundError();
    return camera;
  }
}

const credentialsOf = ({ username, password = '' }: Source) =>
  username === undefined ? {} : { credentials: { username, password } };

async function streamUrl(target: Source, signal: AbortSignal): Promise<string> {
  if (!target.source.startsWith('onvif:')) return target.source;
  const { rtspUrl } = await resolveOnvifSource({ ...target, url: target.source }, signal);
  return rtspUrl;
}

/** One session, ended by its first picture. */
async function firstPicture(url: string, target: Source, signal: AbortSignal): Promise<void> {
  const seen = new AbortController();
  const events = { playing: () => {}, picture: () => seen.abort(), verdict: () => {} };
  const ending = AbortSignal.any([signal, seen.signal]);
  await runCameraSession({ source: { url, ...credentialsOf(target) }, events, signal: ending });
  if (!seen.signal.aborted) throw new StreamFailure('timeout', 'The camera shows no picture in time.');
}

async function steerable(target: Source, id: string, signal: AbortSignal) {
  if (!target.source.startsWith('onvif:')) throw new NotSteerableError(id);
  const { address, wanted } = parseOnvifUrl(target.source);
  const camera = new OnvifCamera({ address, ...credentialsOf(target) });
  const profile = chooseProfile(await camera.profiles(signal), wanted);
  if (!profile) throw new NotSteerableError(id);
  return { camera, profile: profile.token };
}
