import { AppError } from '../../shared/app-error.ts';
import { type ProbeCode, type ProbeStageName, probeCodes } from './probe-stage.ts';

/** What an engineer does about it. */
const advice: Record<Exclude<ProbeCode, 'ok'>, string> = {
  dns: 'Check the host in source, and the DNS server of this machine.',
  refused: 'Check the port in source, and whether this service is switched on in the camera.',
  unreachable: 'Check that the camera has power and network, and that this machine has a route to it.',
  timeout: 'Check the address, the firewall on the way, and whether the camera has too many clients.',
  unauthorized: 'Correct username and password; some cameras lock an account for minutes after a few tries.',
  not_onvif: 'Switch ONVIF on in the camera, or write its rtsp:// address as source.',
  not_found: 'Check the path or profile in source; `tianliang cameras discover` lists what answers ONVIF.',
  codec: 'Set the encoder of the camera to H.264 or H.265.',
  no_packets: 'With transport: udp a firewall may be in the way, try tcp; else restart the camera.',
  no_keyframe: 'Set the key frame interval of the encoder to 1 to 2 seconds.',
  no_publisher: 'Start the push on the device: to rtmp://, this machine, and the publish key of the camera.',
  ask_server: 'Devices push to the running command center: ask that one, by POST /api/v1/cameras/probe.',
  lost: 'Check the network to the camera, and whether it restarts or has too many clients.',
  protocol: 'Update the firmware of the camera, or try its other stream.',
  b_frames: 'Set B frames to 0 in the encoder: each delays the picture, and WebRTC cannot show them.',
  h265: 'Browsers without a decoder for it are sent H.264 on request; a substream in H.264 costs nothing.',
  profile: 'Set the encoder to profile Main or High, 4:2:0 and 8 bit: browsers play no other.',
};

export interface Complaint {
  readonly code: ProbeCode;
  readonly message: string;
}

/** What was found, and what to do about it. */
export function complain(code: Exclude<ProbeCode, 'ok'>, found: string): Complaint {
  return { code, message: `${found} ${advice[code]}` };
}

/** Why a stage failed. Our own errors speak for themselves; of others only what is known is said: they might hold a secret. */
export function complaintOf(error: unknown, stage: ProbeStageName): Complaint {
  const code = codeOf(error);
  if (error instanceof AppError) return complain(code, sentence(error.message));
  return complain(code, unknownFault[code] ?? `The stage ${stage} failed for a reason that is in the log.`);
}

const unknownFault: Partial<Record<ProbeCode, string>> = {
  dns: 'The name does not resolve.',
  refused: 'The host refuses connections on this port.',
  unreachable: 'There is no way to the host.',
  timeout: 'There is no answer in time.',
};

const systemCodes: Record<string, Exclude<ProbeCode, 'ok'>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'lost',
  ETIMEDOUT: 'timeout',
};

/** What the error calls itself: `failure` of a stream, `code` of ONVIF or of the system. */
function codeOf(error: unknown): Exclude<ProbeCode, 'ok'> {
  if (!(error instanceof Error)) return 'protocol';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  const named = 'failure' in error ? error.failure : 'code' in error ? error.code : undefined;
  const known = probeCodes.find((code) => code === named);
  if (known !== undefined && known !== 'ok') return known;
  return systemCodes[String(named)] ?? 'protocol';
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
