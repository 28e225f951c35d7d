import { OnvifCamera } from './onvif-camera.ts';
import { OnvifError, OnvifProfileMissing } from './onvif-errors.ts';
import { chooseProfile, type OnvifProfile } from './onvif-profile.ts';

export interface OnvifSource {
  /** `onvif://host:port[/path][?profile=TOKEN|NAME|main|sub]`; without a path the standard device service. */
  readonly url: string;
  /** None, or an empty one: the device is asked without credentials. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

export interface ResolvedOnvifSource {
  /** Without credentials: they are the source's own. */
  readonly rtspUrl: string;
  readonly snapshotUrl?: string;
  readonly profile: OnvifProfile;
  readonly profiles: readonly OnvifProfile[];
}

/** Asks an ONVIF device where its stream is. Throws OnvifError with a code, or the reason of `signal`. */
export async function resolveOnvifSource(source: OnvifSource, signal: AbortSignal): Promise<ResolvedOnvifSource> {
  const { address, wanted } = parseOnvifUrl(source.url);
  const { username, password = '' } = source;
  const camera = new OnvifCamera({ address, ...(username && { credentials: { username, password } }) });
  const profiles = await camera.profiles(signal);
  const profile = chooseProfile(profiles, wanted);
  if (!profile)
    throw new OnvifProfileMissing(
      address.host,
      wanted ?? 'main',
      profiles.map(({ name }) => name),
    );
  const rtspUrl = await camera.streamUri(profile.token, signal);
  const snapshotUrl = await camera.snapshotUri(profile.token, signal).catch(withoutSnapshot(signal));
  return { rtspUrl, ...(snapshotUrl !== undefined && { snapshotUrl }), profile, profiles };
}

/** The HTTP address behind an `onvif://` URL, and the profile it asks for. Throws when it is no such URL. */
export function parseOnvifUrl(url: string): { address: URL; wanted: string | undefined } {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'onvif:' || parsed.hostname === '') throw new TypeError('not an onvif:// URL');
  const path = parsed.pathname === '' || parsed.pathname === '/' ? '/onvif/device_service' : parsed.pathname;
  return {
    address: new URL(path, `http://${parsed.host}`),
    wanted: parsed.searchParams.get('profile') ?? undefined,
  };
}

/** Many cameras have no snapshot, and one that points elsewhere is not followed: the stream is what counts. */
function withoutSnapshot(signal: AbortSignal): (error: unknown) => undefined {
  return (error) => {
    signal.throwIfAborted();
    if (!(error instanceof OnvifError)) throw error;
    return undefined;
  };
}
