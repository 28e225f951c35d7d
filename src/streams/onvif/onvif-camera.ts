import { attribute, element, elements, escapeXml, number, text, type XmlNode } from '../../shared/xml.ts';
import { OnvifError, OnvifFault, UnsafeOnvifAnswer } from './onvif-errors.ts';
import { type OnvifProfile, parseProfiles } from './onvif-profile.ts';
import { sameHost } from './same-host.ts';
import { SoapTransport, type SoapTransportOptions } from './soap-transport.ts';

const namespaces = {
  device: 'http://www.onvif.org/ver10/device/wsdl',
  media: 'http://www.onvif.org/ver10/media/wsdl',
  ptz: 'http://www.onvif.org/ver20/ptz/wsdl',
} as const;
type Service = keyof typeof namespaces;

const schema = 'http://www.onvif.org/ver10/schema';

export interface OnvifInformation {
  readonly manufacturer: string;
  readonly model: string;
  readonly firmware: string;
  readonly serial: string;
}

export interface OnvifPreset {
  readonly token: string;
  readonly name: string;
}

/** -1 to 1 of the camera's own speed; positive is right, up, and nearer. */
export interface PtzVelocity {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

/** One ONVIF device: what it is, what it shows, where it streams, and its motors. Every call ends within 5 s. */
export class OnvifCamera {
  readonly #transport: SoapTransport;
  readonly #deviceService: URL;
  #services: ReadonlyMap<string, URL> | undefined;

  constructor(options: SoapTransportOptions) {
    this.#transport = new SoapTransport(options);
    this.#deviceService = options.address;
  }

  async information(signal: AbortSignal): Promise<OnvifInformation> {
    const answer = await this.#call('device', 'GetDeviceInformation', { signal });
    return {
      manufacturer: text(answer, 'Manufacturer') ?? '',
      model: text(answer, 'Model') ?? '',
      firmware: text(answer, 'FirmwareVersion') ?? '',
      serial: text(answer, 'SerialNumber') ?? '',
    };
  }

  /** How far the device's clock is ahead of ours, milliseconds; undefined when it keeps its time to itself. */
  async clockOffset(signal: AbortSignal): Promise<number | undefined> {
    const body = `<GetSystemDateAndTime xmlns="${namespaces.device}"/>`;
    const askedAt = Date.now();
    const answer = await this.#transport.callOpenly(this.#deviceService, body, signal);
    const at = utcTime(element(answer, 'SystemDateAndTime', 'UTCDateTime'));
    // It says whole seconds, and said them somewhere between question and answer.
    return at === undefined ? undefined : at + 500 - (askedAt + Date.now()) / 2;
  }

  async profiles(signal: AbortSignal): Promise<OnvifProfile[]> {
    return parseProfiles(await this.#call('media', 'GetProfiles', { signal }));
  }

  /** The RTSP URL of a profile, without credentials. Refused unless it is rtsp(s) on the registered host. */
  async streamUri(profile: string, signal: AbortSignal): Promise<string> {
    const content =
      `<StreamSetup><Stream xmlns="${schema}">RTP-Unicast</Stream>` +
      `<Transport xmlns="${schema}"><Protocol>RTSP</Protocol></Transport></StreamSetup>${token('ProfileToken', profile)}`;
    const answer = await this.#call('media', 'GetStreamUri', { signal, content });
    return (await this.#ownUri(answer, ['rtsp:', 'rtsps:'])).href;
  }

  /** The URL of a still picture, without credentials. Refused unless it is http(s) on the registered host. */
  async snapshotUri(profile: string, signal: AbortSignal): Promise<string> {
    const answer = await this.#call('media', 'GetSnapshotUri', { signal, content: token('ProfileToken', profile) });
    return (await this.#ownUri(answer, ['http:', 'https:'])).href;
  }

  /** A still picture as the camera makes it, JPEG or it is refused. */
  async snapshot(profile: string, signal: AbortSignal): Promise<Buffer> {
    const uri = new URL(await this.snapshotUri(profile, signal));
    const picture = await this.#transport.picture(uri, signal);
    if (picture.readUInt16BE(0) !== 0xffd8)
      throw new UnsafeOnvifAnswer(this.#transport.host, 'a snapshot that is no JPEG');
    return picture;
  }

  async presets(profile: string, signal: AbortSignal): Promise<OnvifPreset[]> {
    const answer = await this.#call('ptz', 'GetPresets', { signal, content: token('ProfileToken', profile) });
    return elements(answer, 'Preset').flatMap((preset) => {
      const presetToken = attribute(preset, 'token');
      return presetToken === undefined ? [] : [{ token: presetToken, name: text(preset, 'Name') ?? presetToken }];
    });
  }

  /** Moves until `stop`, and at most `timeoutMs`: a lost connection must not leave a camera turning. */
  async continuousMove(
    profile: string,
    { pan, tilt, zoom, timeoutMs = 5_000 }: PtzVelocity & { timeoutMs?: number },
    signal: AbortSignal,
  ): Promise<void> {
    const content =
      `${token('ProfileToken', profile)}<Velocity><PanTilt xmlns="${schema}" x="${unit(pan)}" y="${unit(tilt)}"/>` +
      `<Zoom xmlns="${schema}" x="${unit(zoom)}"/></Velocity><Timeout>PT${Math.max(0.1, timeoutMs / 1_000)}S</Timeout>`;
    await this.#call('ptz', 'ContinuousMove', { signal, content });
  }

  async stop(profile: string, signal: AbortSignal): Promise<void> {
    const content = `${token('ProfileToken', profile)}<PanTilt>true</PanTilt><Zoom>true</Zoom>`;
    await this.#call('ptz', 'Stop', { signal, content });
  }

  async gotoPreset(profile: string, preset: string, signal: AbortSignal): Promise<void> {
    const content = `${token('ProfileToken', profile)}${token('PresetToken', preset)}`;
    await this.#call('ptz', 'GotoPreset', { signal, content });
  }

  async #call(
    service: Service,
    operation: string,
    { signal, content = '' }: { signal: AbortSignal; content?: string },
  ): Promise<XmlNode> {
    this.#services ??= await this.#discoverServices(signal);
    const namespace = namespaces[service];
    const body = `<${operation} xmlns="${namespace}">${content}</${operation}>`;
    return this.#transport.call(this.#services.get(namespace) ?? this.#deviceService, body, signal);
  }

  async #discoverServices(signal: AbortSignal): Promise<ReadonlyMap<string, URL>> {
    await this.#readClock(signal);
    const body = `<GetServices xmlns="${namespaces.device}"><IncludeCapability>false</IncludeCapability></GetServices>`;
    try {
      const answer = await this.#transport.call(this.#deviceService, body, signal);
      return this.#addresses(elements(answer, 'Service').map((it) => [text(it, 'Namespace'), text(it, 'XAddr')]));
    } catch (error) {
      if (!(error instanceof OnvifFault)) throw error;
      return this.#capabilities(signal);
    }
  }

  /** What devices older than GetServices (ONVIF 2.1) answer instead. */
  async #capabilities(signal: AbortSignal): Promise<ReadonlyMap<string, URL>> {
    const body = `<GetCapabilities xmlns="${namespaces.device}"><Category>All</Category></GetCapabilities>`;
    const answer = element(await this.#transport.call(this.#deviceService, body, signal), 'Capabilities');
    return this.#addresses([
      [namespaces.media, text(answer, 'Media', 'XAddr')],
      [namespaces.ptz, text(answer, 'PTZ', 'XAddr')],
    ]);
  }

  #addresses(named: readonly (readonly [string | undefined, string | undefined])[]): ReadonlyMap<string, URL> {
    return new Map(named.map(([namespace = '', address]) => [namespace, this.#transport.pinned(address)]));
  }

  /** A device that keeps its clock to itself is taken to be on time. */
  async #readClock(signal: AbortSignal): Promise<void> {
    try {
      const offsetMs = await this.clockOffset(signal);
      if (offsetMs !== undefined) this.#transport.clockOffsetMs = offsetMs;
    } catch (error) {
      if (!(error instanceof OnvifError) || !['fault', 'unauthorized'].includes(error.code)) throw error;
    }
  }

  async #ownUri(answer: XmlNode, protocols: readonly string[]): Promise<URL> {
    const { host, hostname } = this.#transport;
    const uri = URL.parse(text(answer, 'MediaUri', 'Uri') ?? '');
    if (!uri || !protocols.includes(uri.protocol)) {
      throw new UnsafeOnvifAnswer(host, `a URI that is not ${protocols.join(' or ')}`);
    }
    if (!(await sameHost(hostname, uri.hostname))) throw new UnsafeOnvifAnswer(host, 'a URI on another host');
    // The name the operator registered, not the address the device calls itself by: one host, written one way.
    uri.hostname = hostname;
    uri.username = '';
    uri.password = '';
    return uri;
  }
}

function token(name: string, value: string): string {
  return `<${name}>${escapeXml(value)}</${name}>`;
}

function unit(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

function utcTime(utc: XmlNode): number | undefined {
  const field = (...path: string[]) => number(utc, ...path) ?? Number.NaN;
  const date = [field('Date', 'Year'), field('Date', 'Month') - 1, field('Date', 'Day')] as const;
  const at = Date.UTC(...date, field('Time', 'Hour'), field('Time', 'Minute'), field('Time', 'Second'));
  return Number.isFinite(at) ? at : undefined;
}
