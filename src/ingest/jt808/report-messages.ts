import { measuredOf, type RejectReason } from '../decoders/decoded.ts';
import { stamp } from '../decoders/device-clock.ts';
import { positionFields } from '../decoders/terminal.ts';
import type { DeviceMessage, PositionMessage, SosMessage, Stamp, StatusMessage } from '../device-message.ts';
import type { PositionReport, ReportedFix } from './position-report.ts';
import { nextPress, type Press, pressSeries, pressValue } from './sos-press.ts';

/** A message and what of it is stored as points. */
export interface Measured {
  readonly message: DeviceMessage;
  readonly measured: Readonly<Record<string, number>>;
}

export interface ReportSource {
  readonly device: string;
  readonly receivedAt: Date;
  /** How the button stood before. */
  readonly press: Press;
}

export interface ReportMeaning {
  readonly messages: readonly Measured[];
  /** Why it moves nobody. */
  readonly refused?: RejectReason;
  readonly press: Press;
}

/** What a report means: a call for help as often as the button is on, then where the terminal is. */
export function meaningOf(report: PositionReport, { device, receivedAt, press }: ReportSource): ReportMeaning {
  if (!report.isWhole && !report.emergency) return { messages: [], refused: 'wrong-payload', press };
  const stamped = stamp(device, receivedAt, report.claimed);
  const at = stamped.at.getTime();
  const step = nextPress(press, { at, emergency: report.emergency });
  const value = pressValue(step, at);
  const kept = value === undefined ? {} : { [pressSeries]: value };
  const calls = step.since === undefined ? [] : [callForHelp(stamped, report.fix, step.since)];
  const { said, refused } = whereabouts(stamped, report);
  const messages = [...calls, { ...said, measured: { ...said.measured, ...kept } }];
  return { messages, ...(refused && { refused }), press: step.press };
}

function callForHelp(stamped: Stamp, fix: ReportedFix, since: number): Measured {
  const key = `sos:${stamped.device}:jt808:${since}`;
  const message: SosMessage = { type: 'sos', key, ...stamped, ...(fix.ok && { point: fix.motion.point }) };
  return { message, measured: {} };
}

/** A terminal that does not know where it is, or when, is there all the same. */
function whereabouts(
  stamped: Stamp,
  { fix, claimed, additions }: PositionReport,
): { readonly said: Measured; readonly refused?: RejectReason } {
  if (fix.ok && claimed) return { said: position({ type: 'position', ...stamped, ...fix.motion, ...additions }) };
  const { signal } = additions;
  const message: StatusMessage = { type: 'status', ...stamped, online: true, ...(signal !== undefined && { signal }) };
  const said = { message, measured: measuredOf(message, ['signal']) };
  return { said, refused: fix.ok ? 'wrong-time' : fix.reason };
}

function position(message: PositionMessage): Measured {
  return { message, measured: { ...message.point, ...measuredOf(message, positionFields) } };
}
