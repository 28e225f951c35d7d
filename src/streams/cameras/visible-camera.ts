import { type Actor, maySee } from '../../shared/actor.ts';
import { CameraNotFoundError } from '../camera-errors.ts';
import type { CameraStreams } from '../camera-streams.ts';
import type { CameraStatus } from './camera-status.ts';

/** Another area's camera does not exist for whoever may not see it. */
export function visibleCamera(streams: CameraStreams, id: string, actor: Actor): CameraStatus {
  const camera = streams.status(id);
  if (!camera || !maySee(actor, camera.area)) throw new CameraNotFoundError();
  return camera;
}
