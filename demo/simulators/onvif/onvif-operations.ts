import type { SimulatedPtz } from './onvif-ptz.ts';
import { type SoapRequest, xmlText } from './soap-message.ts';

export interface DeviceIdentity {
  readonly name: string;
  readonly hardware: string;
  readonly location: string;
  readonly serial: string;
}

export interface DeviceProfile {
  readonly token: string;
  readonly name: string;
  readonly codec: 'h264' | 'h265';
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly bitrateKbps: number;
  readonly rtspUrl: string;
}

/** What an operation may look at. */
export interface DeviceFacts {
  readonly identity: DeviceIdentity;
  readonly profiles: readonly DeviceProfile[];
  readonly ptz: SimulatedPtz;
  readonly now: () => number;
  /** `http://host:port` as the device calls itself. */
  readonly origin: string;
  /** What GetStreamUri answers instead of the truth. */
  readonly streamUri: string | undefined;
}

/** The answer's body, or the ONVIF subcode of why not. */
export type Operation = (request: SoapRequest, device: DeviceFacts) => string | { readonly fault: string };

const seconds = /^PT([\d.]+)S$/;

const deviceOperations: Record<string, Operation> = {
  GetSystemDateAndTime: (_, { now }) => {
    const at = new Date(now());
    const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
    const date = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
    const fields = (names: string[], values: number[]) =>
      names.map((n, i) => `<tt:${n}>${values[i]}</tt:${n}>`).join('');
    return (
      '<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>' +
      `<tt:UTCDateTime><tt:Time>${fields(['Hour', 'Minute', 'Second'], time)}</tt:Time>` +
      `<tt:Date>${fields(['Year', 'Month', 'Day'], date)}</tt:Date></tt:UTCDateTime>` +
      '</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>'
    );
  },
  GetDeviceInformation: (_, { identity }) =>
    '<tds:GetDeviceInformationResponse><tds:Manufacturer>Tianliang</tds:Manufacturer>' +
    `<tds:Model>${xmlText(identity.hardware)}</tds:Model><tds:FirmwareVersion>1.0</tds:FirmwareVersion>` +
    `<tds:SerialNumber>${xmlText(identity.serial)}</tds:SerialNumber><tds:HardwareId>1</tds:HardwareId>` +
    '</tds:GetDeviceInformationResponse>',
  GetServices: (_, { origin }) => {
    const service = (namespace: string, path: string) =>
      `<tds:Service><tds:Namespace>http://www.onvif.org/${namespace}/wsdl</tds:Namespace>` +
      `<tds:XAddr>${origin}/onvif/${path}</tds:XAddr>` +
      '<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>';
    const all = [
      ['ver10/device', 'device_service'],
      ['ver10/media', 'media_service'],
      ['ver20/ptz', 'ptz_service'],
    ];
    const services = all.map(([namespace = '', path = '']) => service(namespace, path)).join('');
    return `<tds:GetServicesResponse>${services}</tds:GetServicesResponse>`;
  },
  GetCapabilities: (_, { origin }) => {
    const one = (name: string) =>
      `<tt:${name}><tt:XAddr>${origin}/onvif/${name.toLowerCase()}_service</tt:XAddr></tt:${name}>`;
    const all = ['Device', 'Media', 'PTZ'].map(one).join('');
    return `<tds:GetCapabilitiesResponse><tds:Capabilities>${all}</tds:Capabilities></tds:GetCapabilitiesResponse>`;
  },
  GetScopes: (_, { identity }) => {
    const scope = (item: string) =>
      `<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>${xmlText(item)}</tt:ScopeItem></tds:Scopes>`;
    return `<tds:GetScopesResponse>${scopesOf(identity).map(scope).join('')}</tds:GetScopesResponse>`;
  },
};

const mediaOperations: Record<string, Operation> = {
  GetProfiles: (_, { profiles }) =>
    `<trt:GetProfilesResponse>${profiles.map(profileXml).join('')}</trt:GetProfilesResponse>`,
  GetVideoSources: (_, { profiles }) =>
    '<trt:GetVideoSourcesResponse><trt:VideoSources token="source"><tt:Framerate>25</tt:Framerate>' +
    `${resolution(profiles[0])}</trt:VideoSources></trt:GetVideoSourcesResponse>`,
  GetStreamUri: (request, device) => {
    const profile = device.profiles.find(({ token }) => token === request.value('ProfileToken'));
    if (!profile) return { fault: 'ter:NoProfile' };
    return mediaUri('GetStreamUri', device.streamUri ?? profile.rtspUrl);
  },
  GetSnapshotUri: (request, device) => {
    const profile = device.profiles.find(({ token }) => token === request.value('ProfileToken'));
    if (!profile) return { fault: 'ter:NoProfile' };
    return mediaUri('GetSnapshotUri', `${device.origin}/snapshot.jpg?profile=${profile.token}&quality=80`);
  },
};

const ptzOperations: Record<string, Operation> = {
  GetNodes: () =>
    '<tptz:GetNodesResponse><tptz:PTZNode token="node"><tt:Name>node</tt:Name>' +
    '<tt:MaximumNumberOfPresets>16</tt:MaximumNumberOfPresets><tt:HomeSupported>false</tt:HomeSupported>' +
    '</tptz:PTZNode></tptz:GetNodesResponse>',
  GetPresets: (_, { ptz }) => {
    const one = ({ token, name }: { token: string; name: string }) =>
      `<tptz:Preset token="${xmlText(token)}"><tt:Name>${xmlText(name)}</tt:Name></tptz:Preset>`;
    return `<tptz:GetPresetsResponse>${ptz.presets.map(one).join('')}</tptz:GetPresetsResponse>`;
  },
  ContinuousMove: ({ value }, { ptz }) => {
    const axis = (...path: string[]) => Number(value('Velocity', ...path) ?? 0);
    const velocity = { pan: axis('PanTilt', '@x'), tilt: axis('PanTilt', '@y'), zoom: axis('Zoom', '@x') };
    const timeoutSeconds = Number(seconds.exec(value('Timeout') ?? '')?.[1] ?? 10);
    ptz.move(value('ProfileToken') ?? '', velocity, timeoutSeconds * 1_000);
    return '<tptz:ContinuousMoveResponse/>';
  },
  Stop: ({ value }, { ptz }) => {
    ptz.stop(value('ProfileToken') ?? '');
    return '<tptz:StopResponse/>';
  },
  GotoPreset: ({ value }, { ptz }) => {
    const known = ptz.goTo(value('ProfileToken') ?? '', value('PresetToken') ?? '');
    return known ? '<tptz:GotoPresetResponse/>' : { fault: 'ter:NoToken' };
  },
  GetStatus: (_, { ptz, now }) => {
    const { pan, tilt, zoom } = ptz.position;
    const state = ptz.moving ? 'MOVING' : 'IDLE';
    return (
      `<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position><tt:PanTilt x="${pan}" y="${tilt}"/><tt:Zoom x="${zoom}"/>` +
      `</tt:Position><tt:MoveStatus><tt:PanTilt>${state}</tt:PanTilt><tt:Zoom>${state}</tt:Zoom></tt:MoveStatus>` +
      `<tt:UtcTime>${new Date(now()).toISOString()}</tt:UtcTime></tptz:PTZStatus></tptz:GetStatusResponse>`
    );
  },
};

export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({ ...deviceOperations, ...mediaOperations, ...ptzOperations }),
);

/** What ONVIF answers before login (Core §5.9.4.3). */
export const openOperations: ReadonlySet<string> = new Set(['GetSystemDateAndTime', 'GetServices', 'GetCapabilities']);

/** The device's scopes, as it also announces them by WS-Discovery (Core §7.3.2.2). */
export function scopesOf({ name, hardware, location }: Omit<DeviceIdentity, 'serial'>): string[] {
  const fields = Object.entries({ name, hardware, location });
  return [
    'onvif://www.onvif.org/Profile/Streaming',
    'onvif://www.onvif.org/type/Network_Video_Transmitter',
    ...fields.map(([key, value]) => `onvif://www.onvif.org/${key}/${encodeURIComponent(value)}`),
  ];
}

function profileXml(profile: DeviceProfile): string {
  return (
    `<trt:Profiles token="${xmlText(profile.token)}" fixed="true"><tt:Name>${xmlText(profile.name)}</tt:Name>` +
    '<tt:VideoSourceConfiguration token="vsc"><tt:SourceToken>source</tt:SourceToken></tt:VideoSourceConfiguration>' +
    `<tt:VideoEncoderConfiguration token="vec-${xmlText(profile.token)}"><tt:Name>video</tt:Name>` +
    `<tt:Encoding>${profile.codec.toUpperCase()}</tt:Encoding>${resolution(profile)}` +
    `<tt:RateControl><tt:FrameRateLimit>${profile.fps}</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>` +
    `<tt:BitrateLimit>${profile.bitrateKbps}</tt:BitrateLimit></tt:RateControl></tt:VideoEncoderConfiguration>` +
    '<tt:PTZConfiguration token="ptz"><tt:NodeToken>node</tt:NodeToken></tt:PTZConfiguration></trt:Profiles>'
  );
}

function resolution(profile: DeviceProfile | undefined): string {
  const { width = 0, height = 0 } = profile ?? {};
  return `<tt:Resolution><tt:Width>${width}</tt:Width><tt:Height>${height}</tt:Height></tt:Resolution>`;
}

function mediaUri(operation: string, uri: string): string {
  return (
    `<trt:${operation}Response><trt:MediaUri><tt:Uri>${xmlText(uri)}</tt:Uri>` +
    '<tt:InvalidAfterConnect>false</tt:InvalidAfterConnect><tt:InvalidAfterReboot>false</tt:InvalidAfterReboot>' +
    `<tt:Timeout>PT0S</tt:Timeout></trt:MediaUri></trt:${operation}Response>`
  );
}
