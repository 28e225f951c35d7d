import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../shared/app-error.ts';
import type { RunSession } from '../camera/camera-relay.ts';
import { CameraNotFoundError } from '../camera-errors.ts';
import { discoverDevices } from '../onvif/discovery.ts';
import { OnvifCamera } from '../onvif/onvif-camera.ts';
import { chooseProfile } from '../onvif/onvif-profile.ts';
import { parseOnvifUrl } from '../onvif/onvif-source.ts';
import { type ProbePorts, probeCamera } from '../probe/probe-camera.ts';
import { credentialsOf } from '../probe/probe-source.ts';
import type { ProbeStage } from '../probe/probe-stage.ts';
import type { CameraConfig } from '../resolve-cameras.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import type { FoundDevice, ProbeTarget, PtzCommand } from './camera-actions.ts';

/** Only an ONVIF camera can be told to turn. */
export class NotSteerableError extends AppError {
  readonly code = 'CAMERA_NOT_STEERABLE';
  override readonly statusCode = 409;

  constructor(camera: string) {
    super(`Camera ${camera} is not an onvif:// source: it cannot be steered.`);
  }
}

export interface CameraToolsOptions {
  readonly cameras: readonly CameraConfig[];
  /** Plays what RTSP does not; without it such a camera cannot be probed. */
  readonly otherSource?: (config: CameraConfig) => RunSession | undefined;
  /** The pictures of a camera that is pushed to us. */
  readonly feed?: (camera: string, take: (arrived: { readonly unit: AccessUnit }) => void) => () => void;
  /** A camera is about to turn. */
  readonly onTurn?: (camera: string) => void;
}

const callDeadlineMs = 10_000;
/** More than all its stages may take together. */
const probeDeadlineMs = 90_000;
const discoverMs = 3_000;

/** What engineers and seats do with a camera besides watching it: steer, search, find out why it fails. */
export class CameraTools {
  #cameras: ReadonlyMap<string, CameraConfig> = new Map();

  readonly #options: CameraToolsOptions;

  constructor(options: CameraToolsOptions) {
    this.#options = options;
    this.configure(options.cameras);
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
    this.#options.onTurn?.(id);
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

  /** Walks a camera from its name to its pictures; the first stage that fails is the last. Throws CameraNotFoundError. */
  async probe({ id, source = '', username, password = '' }: ProbeTarget): Promise<ProbeStage[]> {
    const known = id === undefined ? undefined : this.#find(id);
    const camera = known ?? { source, ...(username && { username, password }) };
    const stages: ProbeStage[] = [];
    const walk = probeCamera(camera, known ? this.#portsOf(known) : {}, AbortSignal.timeout(probeDeadlineMs));
    for await (const stage of walk) stages.push(stage);
    return stages;
  }

  #portsOf(camera: CameraConfig): ProbePorts {
    const { otherSource, feed } = this.#options;
    return {
      ...(otherSource && { otherSource: () => otherSource(camera) }),
      ...(feed && { pushed: (take) => feed(camera.id, ({ unit }) => take(unit)) }),
    };
  }

  #find(id: string): CameraConfig {
    const camera = this.#cameras.get(id);
    if (!camera) throw new CameraNotFoundError();
    return camera;
  }
}

async function steerable(target: CameraConfig, id: string, signal: AbortSignal) {
  if (!target.source.startsWith('onvif:')) throw new NotSteerableError(id);
  const { address, wanted } = parseOnvifUrl(target.source);
  const credentials = credentialsOf(target);
  const camera = new OnvifCamera({ address, ...(credentials && { credentials }) });
  const profile = chooseProfile(await camera.profiles(signal), wanted);
  if (!profile) throw new NotSteerableError(id);
  return { camera, profile: profile.token };
}
