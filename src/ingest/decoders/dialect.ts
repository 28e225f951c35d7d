import { type TopicPattern, topicPattern } from '../topic-pattern.ts';
import type { Decoded, TopicArrival } from './decoded.ts';
import type { DialectName } from './decoder-config.ts';

/** One kind of topic of a dialect. */
export interface DialectTopic {
  readonly pattern: TopicPattern;
  /** Who may be speaking, the likeliest first. */
  readonly speakers: (levels: readonly string[]) => readonly string[];
  readonly decode: (arrival: TopicArrival) => Decoded;
}

/** What one family of devices says, and where. */
export interface Dialect {
  readonly name: DialectName;
  readonly topics: readonly DialectTopic[];
}

/** A topic whose level `{device}` names who speaks. */
export function ownTopic(text: string, decode: DialectTopic['decode']): DialectTopic {
  const pattern = topicPattern(text);
  const index = pattern.names.get('device') ?? 0;
  return { pattern, decode, speakers: (levels) => [levels[index] ?? ''] };
}
