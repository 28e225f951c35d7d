import { compileDecoder } from './decoders/configured.ts';
import { decode } from './decoders/decode.ts';
import type { Arrival, Decoded, TopicArrival } from './decoders/decoded.ts';
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
  /** Calls for help come this way. */
  readonly calls: boolean;
  readonly pattern: TopicPattern;
  readonly speakers: (levels: readonly string[]) => readonly string[];
  readonly decode: (arrival: TopicArrival) => Decoded;
}

/** A topic understood: by what, and who speaks on it. */
export class Understood {
  readonly #entry: Compiled;
  readonly #levels: readonly string[];
  readonly #topic: string;
  /** Who was last found to be allowed to speak there: nearly always the only one. */
  #publisher: string | undefined;
  /** Who it says it is. */
  readonly names: readonly string[];
  /** Undefined where no device of that name is configured. */
  readonly device: string | undefined;

  constructor(entry: Compiled, topic: string, idOf: (name: string) => string | undefined) {
    const levels = topic.split('/');
    this.#entry = entry;
    this.#levels = levels;
    this.#topic = topic;
    this.names = entry.speakers(levels);
    this.device = firstKnown(this.names, idOf);
  }

  /** Whether it is for calls for help. */
  get isCall(): boolean {
    return this.#entry.calls;
  }

  get decoder(): string {
    return this.#entry.decoder;
  }

  /** The same for all devices of the decoder, as a filter. */
  get pattern(): string {
    return this.#entry.filter;
  }

  mayBeSaidBy(device: string): boolean {
    if (device === this.#publisher) return true;
    if (!mayPublish(device, this.#topic, this.device)) return false;
    this.#publisher = device;
    return true;
  }

  /** An empty retained payload is how MQTT forgets a retained message. */
  decode({ device, payload, receivedAt }: Arrival, retain: boolean): Decoded {
    if (retain && payload.byteLength === 0) return { ok: false, reason: 'retained-clear', ignored: true };
    return this.#entry.decode({ device, payload, receivedAt, levels: this.#levels });
  }
}

interface Compiled extends Entry {
  readonly filter: string;
}

/** Devices say the same topics again and again. A stranger's are not kept: only those of devices that are configured. */
const topicsRemembered = 50_000;

/** Which topics are understood, by which decoder, and which device each of them speaks of. Compiled once. */
export class Vocabulary {
  readonly #ids: ReadonlySet<string>;
  readonly #byName: ReadonlyMap<string, string>;
  /** Apart, so that no decoder of the configuration stands before what devices of ours say. */
  readonly #own = new TopicTrie<Compiled>();
  readonly #others = new TopicTrie<Compiled>();
  readonly #remembered = new Map<string, Understood>();
  /** Topics of ours name an id, all others a name on the wire. */
  readonly #idOfId = (name: string) => (this.#ids.has(name) ? name : undefined);
  readonly #idOfName = (name: string) => this.#byName.get(name);
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

  /** Undefined for a topic that no decoder takes. */
  understand(topic: string): Understood | undefined {
    const known = this.#remembered.get(topic);
    if (known) return known;
    const isOwn = topic.startsWith('tianliang/');
    const entry = (isOwn ? this.#own : this.#others).find(topic.split('/'));
    const understood = entry && new Understood(entry, topic, isOwn ? this.#idOfId : this.#idOfName);
    if (understood?.device !== undefined) this.#remember(topic, understood);
    return understood;
  }

  isCall(topic: string): boolean {
    return this.understand(topic)?.isCall === true;
  }

  /** Whoever has looked the topic up already hands that over. */
  mayPublish(device: string, topic: string, understood = this.understand(topic)): boolean {
    return understood ? understood.mayBeSaidBy(device) : mayPublish(device, topic, undefined);
  }

  #remember(topic: string, understood: Understood): void {
    if (this.#remembered.size >= topicsRemembered) this.#remembered.clear();
    this.#remembered.set(topic, understood);
  }
}

function firstKnown(names: readonly string[], idOf: (name: string) => string | undefined): string | undefined {
  for (const name of names) {
    const id = idOf(name);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** An id is nobody else's name. */
function namesOf(devices: readonly NamedDevice[]): ReadonlyMap<string, string> {
  const aliases = devices.flatMap(({ id, topicName }) => (topicName === undefined ? [] : [[topicName, id] as const]));
  return new Map([...aliases, ...devices.map(({ id }) => [id, id] as const)]);
}

function ownEntries(): Entry[] {
  return ownTopics.map(([kind, text]) => ({
    decoder: 'tianliang',
    calls: kind === 'sos',
    ...ownTopic(text, (arrival) => decode(kind, arrival, false)),
  }));
}

function configuredEntry(config: DecoderConfig): Entry {
  const pattern = topicPattern(config.topic);
  const speakers = (levels: readonly string[]) => [fillTemplate(config.device, pattern, levels)];
  return { decoder: config.id, calls: config.type === 'sos', pattern, speakers, decode: compileDecoder(config) };
}

function dialectEntries(names: readonly DialectName[], attributes = new EntityAttributes()): Entry[] {
  return dialectsOf(names, attributes).flatMap(({ name, topics }) =>
    topics.map((topic: DialectTopic) => ({ decoder: name, calls: false, ...topic })),
  );
}

function outermost(patterns: readonly TopicPattern[]): string[] {
  const distinct = [...new Map(patterns.map((pattern) => [filterOf(pattern), pattern.levels])).values()];
  return distinct
    .filter((inner) => !distinct.some((outer) => outer !== inner && covers(outer, inner)))
    .map((levels) => levels.join('/'));
}
