import { attribute, element, elements, number, text, type XmlNode } from '../../shared/xml.ts';

/** A media profile: one picture a camera offers. */
export interface OnvifProfile {
  readonly token: string;
  readonly name: string;
  readonly video?: {
    /** In lower case: h264, h265, jpeg. */
    readonly codec: string;
    readonly width: number;
    readonly height: number;
    readonly fps?: number;
    /** kbit/s, as the device limits it. */
    readonly bitrateKbps?: number;
  };
  readonly ptz: boolean;
}

/** Reads a GetProfiles answer (ONVIF Media §5.2); what has no token is left out. */
export function parseProfiles(answer: XmlNode): OnvifProfile[] {
  return elements(answer, 'Profiles').flatMap((profile) => {
    const token = attribute(profile, 'token');
    if (token === undefined) return [];
    const video = videoOf(element(profile, 'VideoEncoderConfiguration'));
    const ptz = element(profile, 'PTZConfiguration') !== undefined;
    return [{ token, name: text(profile, 'Name') ?? token, ...(video && { video }), ptz }];
  });
}

/** By token, by name, or `main` (the largest picture) and `sub` (the smallest). Without a wish: `main`. */
export function chooseProfile(profiles: readonly OnvifProfile[], wanted: string | undefined): OnvifProfile | undefined {
  const named = profiles.find(({ token }) => token === wanted) ?? profiles.find(({ name }) => name === wanted);
  if (named) return named;
  const bySize = profiles.filter(({ video }) => video).toSorted((a, b) => pixels(b) - pixels(a));
  if (wanted === undefined || wanted === 'main') return bySize[0] ?? profiles[0];
  return wanted === 'sub' ? bySize.at(-1) : undefined;
}

function pixels({ video }: OnvifProfile): number {
  return video ? video.width * video.height : 0;
}

function videoOf(encoder: XmlNode): OnvifProfile['video'] {
  const codec = text(encoder, 'Encoding')
    ?.toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  const width = number(encoder, 'Resolution', 'Width');
  const height = number(encoder, 'Resolution', 'Height');
  if (codec === undefined || width === undefined || height === undefined) return undefined;
  const fps = number(encoder, 'RateControl', 'FrameRateLimit');
  const bitrateKbps = number(encoder, 'RateControl', 'BitrateLimit');
  return { codec, width, height, ...(fps !== undefined && { fps }), ...(bitrateKbps !== undefined && { bitrateKbps }) };
}
