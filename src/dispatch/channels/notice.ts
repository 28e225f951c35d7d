import type { StoredEvent } from '../../store/events-repository.ts';
import { type Severity, severities } from '../incidents/incident.ts';
import { channelTopics, type WebhookConfig } from './config.ts';

/** One thing that a receiver is told: the newest state of an alert or an incident, or what a plan has for it. */
export interface Notice {
  /** The same when it is told again. */
  readonly id: string;
  readonly seq: number;
  readonly at: string;
  readonly type: 'alert.changed' | 'incident.changed' | 'plan.notice';
  /** So many others were given up before it. */
  readonly missed?: number;
  readonly data: unknown;
}

/** The topic of what is meant for one channel alone. */
export const topicOf = (channel: string) => `channel:${channel}`;

export function noticeOf({ seq, at, topic, data }: StoredEvent): Notice {
  const type = topic === 'alerts' ? 'alert.changed' : topic === 'incidents' ? 'incident.changed' : 'plan.notice';
  return { id: `notice-${seq}`, seq, at, type, data };
}

/** What of the event log concerns the channel. */
export function filterOf({ id, events, severity, areas }: Pick<WebhookConfig, 'id' | 'events' | 'severity' | 'areas'>) {
  return { topics: events, severities: atLeast(severity), areas: areas ?? ('all' as const), own: topicOf(id) };
}

export function everythingFor(channel: string) {
  return { topics: channelTopics, severities, areas: 'all' as const, own: topicOf(channel) };
}

const atLeast = (severity: Severity): readonly Severity[] => severities.slice(severities.indexOf(severity));
