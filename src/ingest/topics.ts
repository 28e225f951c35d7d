import { isCleanTopic } from './mqtt-text.ts';

export type TopicKind = 'position' | 'status' | 'sos' | 'receipt' | 'reading';

/** Where our own devices say what. */
export const ownTopics = [
  ['position', 'tianliang/terminals/{device}/position'],
  ['status', 'tianliang/terminals/{device}/status'],
  ['sos', 'tianliang/terminals/{device}/sos'],
  ['receipt', 'tianliang/terminals/{device}/receipt'],
  ['reading', 'tianliang/sensors/{device}/reading'],
] as const satisfies readonly (readonly [kind: TopicKind, topic: string])[];

/** Where refused publishes go instead of closing their client, which would resend them for ever. Nobody may read it. */
export const deadLetterTopic = 'tianliang/dead-letters';

export function commandTopic(device: string): string {
  return `tianliang/commands/${device}`;
}

/**
 * A device publishes on its own topics only, and on those of a decoder where it is the one who speaks; wills and retained
 * messages are publishes like any other. `speaker` is who the topic speaks of.
 */
export function mayPublish(device: string, topic: string, speaker: string | undefined): boolean {
  if (!isCleanTopic(topic) || /[+#]/.test(topic)) return false;
  if (isUnder(topic, `tianliang/terminals/${device}`) || isUnder(topic, `tianliang/sensors/${device}`)) return true;
  return !topic.startsWith('tianliang/') && speaker === device;
}

/** A device hears its own commands, and itself. A filter's wildcard may only stand below its own name. */
export function maySubscribe(device: string, filter: string): boolean {
  if (!isCleanTopic(filter)) return false;
  if (filter === commandTopic(device)) return true;
  return ['tianliang/terminals', 'tianliang/sensors', 'owntracks'].some((root) => isUnder(filter, `${root}/${device}`));
}

/** The last gate before a byte leaves: also for what was retained or queued when the rights were others. */
export function mayReceive(device: string, topic: string): boolean {
  return maySubscribe(device, topic);
}

function isUnder(topic: string, parent: string): boolean {
  return topic.startsWith(`${parent}/`) && topic.length > parent.length + 1;
}

/** The name a topic or a filter of ours is about; a wildcard never stands before it. */
export function topicName(topic: string): string | undefined {
  const [root, second, third] = topic.split('/', 3);
  return root === 'owntracks' ? second : third;
}

/** MQTT 3.1.1 §4.7, for filters that begin with a name and not with a wildcard. */
export function topicMatches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  const many = wanted.at(-1) === '#';
  const fixed = many ? wanted.slice(0, -1) : wanted;
  if (many ? levels.length < fixed.length : levels.length !== fixed.length) return false;
  return fixed.every((level, index) => level === '+' || level === levels[index]);
}
