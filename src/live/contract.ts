import { type Static, Type } from 'typebox';

/** Persisted: each change is an event with a rising `seq`, told once and in order. */
export const eventTopics = ['alerts', 'incidents'] as const;
/** Last value: only the newest state of each item counts, told at most every 250 ms. */
export const latestTopics = ['units', 'cameras', 'sensors', 'silences', 'assignments', 'health'] as const;
export const topics = [...eventTopics, ...latestTopics] as const;
export type EventTopic = (typeof eventTopics)[number];
export type LatestTopic = (typeof latestTopics)[number];
export type Topic = (typeof topics)[number];

const Longitude = Type.Number({ minimum: -180, maximum: 180 });
const Latitude = Type.Number({ minimum: -90, maximum: 90 });

/** West, south, east, north; west above east crosses the antimeridian (RFC 7946 §5.2). */
export const Bbox = Type.Tuple([Longitude, Latitude, Longitude, Latitude]);
export type Bbox = Static<typeof Bbox>;

/** Replaces the subscription before. A topic the server does not know is left out without a word. */
export const Subscribe = Type.Object(
  {
    type: Type.Literal('subscribe'),
    topics: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 16 }),
    /** Narrows the last-value topics; alerts and incidents are told wherever they are. */
    bbox: Type.Optional(Bbox),
    /** The highest `seq` the seat has: what came after it is replayed. */
    since: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);
export const Ping = Type.Object({ type: Type.Literal('ping'), t: Type.Number() }, { additionalProperties: false });

/** What a seat may send. */
export const ClientMessage = Type.Union([Subscribe, Ping]);
export type ClientMessage = Static<typeof ClientMessage>;

const EventTopicName = Type.Enum([...eventTopics]);
const LatestTopicName = Type.Enum([...latestTopics]);
const TopicName = Type.Enum([...topics]);
const Time = Type.String();
const Seq = Type.Integer({ minimum: 0 });

/** What the server sends. */
export const ServerMessage = Type.Union([
  Type.Object({ type: Type.Literal('hello'), at: Time, seq: Seq }),
  Type.Object({ type: Type.Literal('snapshot'), topic: TopicName, items: Type.Array(Type.Unknown()), seq: Seq }),
  Type.Object({ type: Type.Literal('event'), topic: EventTopicName, seq: Seq, at: Time, data: Type.Unknown() }),
  /** The newest state of each item, or `{ id, removed: true }` of one that is no more. */
  Type.Object({ type: Type.Literal('event'), topic: LatestTopicName, at: Time, data: Type.Array(Type.Unknown()) }),
  /** What happened after `from` until `to` is not replayed: a snapshot follows. */
  Type.Object({ type: Type.Literal('gap'), topic: EventTopicName, from: Seq, to: Seq }),
  /** Too much was missed of the topic: subscribe again. */
  Type.Object({ type: Type.Literal('resync'), topic: TopicName }),
  Type.Object({ type: Type.Literal('pong'), t: Type.Number(), at: Time }),
]);
export type ServerMessage = Static<typeof ServerMessage>;

/** Why the server closed the socket (RFC 6455 §7.4). */
export const closeCodes = {
  goingAway: 1001,
  policy: 1008,
  tooBig: 1009,
  failed: 1011,
  sessionEnded: 4001,
  tooSlow: 4008,
} as const;
