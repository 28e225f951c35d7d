import { escapeXml } from '../../shared/xml.ts';
import type { Alert } from '../alert.ts';
import { capWords } from './cap-words.ts';

/** One event of an alert: each is a message of its own. */
export interface AlertMessage {
  readonly seq: number;
  /** RFC 3339. */
  readonly at: string;
}

export interface Speaking {
  readonly sender: string;
  /** All events of the alert that are known, oldest first; the last is what is told. */
  readonly messages: readonly AlertMessage[];
}

/** CAP 1.2 for programs elsewhere: the alert as it is, and which of our earlier messages that replaces. */
export function capXml(alert: Alert, { sender, messages }: Speaking): string {
  const newest = messages.at(-1) ?? { seq: alert.seq, at: alert.at };
  const earlier = messages.slice(0, -1);
  const name = ({ seq }: AlertMessage) => `${alert.id}.${seq}`;
  const references = earlier.map((one) => `${sender},${name(one)},${capTime(one.at)}`).join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">',
    tag('identifier', name(newest)),
    tag('sender', sender),
    tag('sent', capTime(newest.at)),
    tag('status', 'Actual'),
    tag('msgType', typeOf(alert, earlier.length)),
    tag('scope', 'Restricted'),
    tag('restriction', '仅限有权限的账号 / accounts of this house only'),
    ...(references === '' ? [] : [tag('references', references)]),
    ...(['zh-CN', 'en'] as const).map((language) => info(alert, language)),
    '</alert>',
    '',
  ].join('\n');
}

/** A time as CAP wants it: whole seconds, and UTC written as an offset (CAP 1.2 §3.3.2). */
export const capTime = (at: string) => `${at.slice(0, 19)}-00:00`;

/** Letters that XML has no way to write are left out. */
export function tag(name: string, text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what XML 1.0 §2.2 does not allow.
  return `<${name}>${escapeXml(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ''))}</${name}>`;
}

function typeOf({ state, mergedInto }: Alert, earlier: number): 'Alert' | 'Update' | 'Cancel' {
  // A cancel has to name what it cancels.
  if (earlier === 0) return 'Alert';
  return state === 'dismissed' || mergedInto !== undefined ? 'Cancel' : 'Update';
}

function info(alert: Alert, language: 'zh-CN' | 'en'): string {
  const words = capWords(alert.kind, alert.severity);
  const event = language === 'en' ? words.en : words.zh;
  const place = placeOf(alert);
  const { lat, lon, errorMeters = 0 } = alert.position;
  return [
    '<info>',
    tag('language', language),
    tag('category', words.category),
    tag('event', event),
    // What has ended needs nobody any more.
    tag('urgency', alert.endedAt === undefined ? words.urgency : 'Past'),
    tag('severity', words.severity),
    tag('certainty', 'Observed'),
    tag('onset', capTime(alert.at)),
    tag('headline', language === 'en' ? `${event}, ${place}` : alert.title),
    tag('description', alert.reasons.map(({ text }) => text).join('\n') || alert.title),
    '<area>',
    tag('areaDesc', place),
    tag('circle', `${lat},${lon} ${(Math.ceil(errorMeters) / 1_000).toFixed(3)}`),
    '</area>',
    '</info>',
  ].join('\n');
}

function placeOf({ road, stake, area, position: { lat, lon } }: Alert): string {
  const words = [road, stake].filter((part) => part !== undefined).join(' ');
  return words || area || `${lat}, ${lon}`;
}
