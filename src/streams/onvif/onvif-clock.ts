import { OnvifCamera } from './onvif-camera.ts';
import { parseOnvifUrl } from './onvif-source.ts';

/** How far the clock of an `onvif://` camera is ahead of ours, milliseconds. It is asked without a password. */
export async function askOnvifClock(
  { source }: { readonly source: string },
  signal: AbortSignal,
): Promise<number | undefined> {
  return await new OnvifCamera({ address: parseOnvifUrl(source).address }).clockOffset(signal);
}
