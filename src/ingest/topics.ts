import { isCleanTopic } from './mqtt-text.ts';

export type TopicKind = 'position' | 'status' | 'sos' | 'receipt' | 'reading' | 'owntracks';

/** A topic a device speaks on. `names` are who it may be: two for OwnTracks, user first. */
export interface DeviceTopic {
  readonly kind: TopicKind;
  readonly names: readonly string[];
}

const terminalTopics: readonly string[] = ['position', 'status', 'sos', 'receipt'] satisfies TopicKind[];

/** What the server listens to on an external broker. */
export const deviceTopicFilters = [
  'tianliang/terminals/+/position',
  'tianliang/terminals/+/status',
  'tianliang/terminals/+/sos',
  'tianliang/terminals/+/receipt',
  'tianliang/sensors/+/reading',
  'owntracks/+/+',
] as const;

/** Where refused publishes go instead of closing their client, which would resend them for ever. Nobody may read it. */
export const deadLetterTopic = 'tianliang/dead-letters';

export function commandTopic(device: string): string {
  return `tianliang/commands/${device}`;
}

/** The pattern samples of wrong payloads are kept under: as many as there are kinds, however many devices speak. */
export function topicPattern(kind: TopicKind): string {
  if (kind === 'owntracks') return 'owntracks/+/+';
  return kind === 'reading' ? 'tianliang/sensors/+/reading' : `tianliang/terminals/+/${kind}`;
}

/** Undefined for a topic no device speaks on. */
export function parseTopic(topic: string): DeviceTopic | undefined {
  const levels = topic.split('/');
  if (levels.length === 3 && levels[0] === 'owntracks') return { kind: 'owntracks', names: levels.slice(1) };
  const [root, group, name, leaf] = levels;
  if (levels.length !== 4 || root !== 'tianliang' || !name || !leaf) return undefined;
  if (group === 'sensors') return leaf === 'reading' ? { kind: leaf, names: [name] } : undefined;
  if (group !== 'terminals' || !isTerminalTopic(leaf)) return undefined;
  return { kind: leaf, names: [name] };
}

function isTerminalTopic(leaf: string): leaf is TopicKind {
  return terminalTopics.includes(leaf);
}

/** Which device speaks: an OwnTracks phone is known by its user name, else by its device name. */
export function speakerOf({ names }: DeviceTopic, isKnown: (id: string) => boolean): string | undefined {
  return names.find(isKnown);
}

/** A device publishes on its own topics only; wills and retained messages are publishes like any other. */
export function mayPublish(device: string, topic: string, isKnown: (id: string) => boolean): boolean {
  if (!isCleanTopic(topic) || /[+#]/.test(topic)) return false;
  if (isUnder(topic, `tianliang/terminals/${device}`) || isUnder(topic, `tianliang/sensors/${device}`)) return true;
  const [root, ...names] = topic.split('/');
  return root === 'owntracks' && speakerOf({ kind: 'owntracks', names: names.slice(0, 2) }, isKnown) === device;
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
