import { compileDecoder } from './decoders/configured.ts';
import { decode } from './decoders/decode.ts';
import type { Decoded, TopicArrival } from './decoders/decoded.ts';
import type { DecoderConfig, DialectName } from './decoders/decoder-config.ts';
import { fillTemplate } from './decoders/device-template.ts';
import { type DialectTopic, ownTopic } from './decoders/dialect.ts';
import { dialectsOf } from './decoders/dialects.ts';
import { EntityAttributes } from './decoders/entity-attributes.ts';
import { covers, filterOf, type TopicPattern, topicPattern } from './topic-pattern.ts';
import { TopicTrie } from './topic-trie.ts';
import { mayPublish, ownTopics } from './topics.ts';

/** A device as its messages name it. */
export interface NamedDevice {
  readonly id: string;
  /** Its name on the wire, where that is another than the id. */
  readonly topicName?: string | undefined;
}

export interface VocabularyOptions {
  readonly devices: readonly NamedDevice[];
  readonly decoders?: readonly DecoderConfig[] | undefined;
  readonly dialects?: readonly DialectName[] | undefined;
  /** What was heard of entities before a change of the configuration. */
  readonly attributes?: EntityAttributes;
}

/** One way to understand a topic. */
interface Entry {
  /** `tianliang`, the name of a dialect, or the id of a decoder. */
  readonly decoder: string;
  readonly pattern: TopicPattern;
  readonly speakers: (levels: readonly string[]) => readonly string[];
  readonly decode: (arrival: TopicArrival) => Decoded;
}

/** A topic understood: by what, and who speaks on it. */
export interface Understood {
  readonly decoder: string;
  /** The same for all devices of the decoder, as a filter. */
  readonly pattern: string;
  /** Undefined where no device of that name is configured. */
  readonly device: string | undefined;
  /** Who it says it is. */
  readonly names: readonly string[];
  readonly decode: (arrival: Omit<TopicArrival, 'levels'>, retain: boolean) => Decoded;
}

interface Compiled extends Entry {
  readonly filter: string;
}

/** Which topics are understood, by which decoder, and which device each of them speaks of. Compiled once. */
export class Vocabulary {
  readonly #ids: ReadonlySet<string>;
  readonly #byName: ReadonlyMap<string, string>;
  /** Apart, so that no decoder of the configuration stands before what devices of ours say. */
  readonly #own = new TopicTrie<Compiled>();
  readonly #others = new TopicTrie<Compiled>();
  /** What a broker is to be asked for: none lies within another. */
  readonly filters: readonly string[];

  constructor({ devices, decoders = [], dialects = ['owntracks'], attributes }: VocabularyOptions) {
    this.#ids = new Set(devices.map(({ id }) => id));
    this.#byName = namesOf(devices);
    const own = ownEntries();
    const others = [...decoders.map(configuredEntry), ...dialectEntries(dialects, attributes)];
    for (const entry of own) this.#own.add(entry.pattern.levels, { ...entry, filter: filterOf(entry.pattern) });
    for (const entry of others) this.#others.add(entry.pattern.levels, { ...entry, filter: filterOf(entry.pattern) });
    this.filters = outermost([...own, ...others].map(({ pattern }) => pattern));
  }

  has(device: string): boolean {
    return this.#ids.has(device);
  }

  /** Undefined for a topic that no decoder takes. */
  understand(topic: string): Understood | undefined {
    const levels = topic.split('/');
    const isOwn = levels[0] === 'tianliang';
    const entry = (isOwn ? this.#own : this.#others).find(levels);
    if (!entry) return undefined;
    const names = entry.speakers(levels);
    return {
      decoder: entry.decoder,
      pattern: entry.filter,
      names,
      device: isOwn ? names.find((name) => this.#ids.has(name)) : this.#speakerOf(names),
      decode: (arrival, retain) => decodeAs(entry, { ...arrival, levels }, retain),
    };
  }

  mayPublish(device: string, topic: string): boolean {
    return mayPublish(device, topic, (other) => this.understand(other)?.device);
  }

  #speakerOf(names: readonly string[]): string | undefined {
    for (const name of names) {
      const id = this.#byName.get(name);
      if (id !== undefined) return id;
    }
    return undefined;
  }
}

/** An empty retained payload is how MQTT forgets a retained message. */
function decodeAs(entry: Entry, arrival: TopicArrival, retain: boolean): Decoded {
  if (retain && arrival.payload.byteLength === 0) return { ok: false, reason: 'retained-clear', ignored: true };
  return entry.decode(arrival);
}

/** An id is nobody else's name. */
function namesOf(devices: readonly NamedDevice[]): ReadonlyMap<string, string> {
  const aliases = devices.flatMap(({ id, topicName }) => (topicName === undefined ? [] : [[topicName, id] as const]));
  return new Map([...aliases, ...devices.map(({ id }) => [id, id] as const)]);
}

function ownEntries(): Entry[] {
  return ownTopics.map(([kind, text]) => ({
    decoder: 'tianliang',
    ...ownTopic(text, (arrival) => decode(kind, arrival, false)),
  }));
}

function configuredEntry(config: DecoderConfig): Entry {
  const pattern = topicPattern(config.topic);
  const speakers = (levels: readonly string[]) => [fillTemplate(config.device, pattern, levels)];
  return { decoder: config.id, pattern, speakers, decode: compileDecoder(config) };
}

function dialectEntries(names: readonly DialectName[], attributes = new EntityAttributes()): Entry[] {
  return dialectsOf(names, attributes).flatMap(({ name, topics }) =>
    topics.map((topic: DialectTopic) => ({ decoder: name, ...topic })),
  );
}

function outermost(patterns: readonly TopicPattern[]): string[] {
  const distinct = [...new Map(patterns.map((pattern) => [filterOf(pattern), pattern.levels])).values()];
  return distinct
    .filter((inner) => !distinct.some((outer) => outer !== inner && covers(outer, inner)))
    .map((levels) => levels.join('/'));
}
