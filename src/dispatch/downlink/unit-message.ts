import { type Static, Type } from 'typebox';
import { Latitude, Longitude } from '../../gis/point.ts';
import { receiptStates } from './receipt.ts';

/** From the desk to whoever carries the terminal, and what became of it. */
export const messageStates = ['queued', 'sent', ...receiptStates, 'expired'] as const;
export const MessageStateName = Type.Enum([...messageStates]);
export type MessageStateName = Static<typeof MessageStateName>;

/** Lines of a terminal's screen: no control characters. */
const Line = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

const content = {
  title: Line(100),
  text: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000 })),
  place: Type.Optional(Line(200)),
  lat: Type.Optional(Latitude),
  lon: Type.Optional(Longitude),
};

/** What is asked of the API. */
export const NewMessage = Type.Object(
  { ...content, expiresInSeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 86_400 })) },
  { additionalProperties: false },
);
export type NewMessage = Readonly<Static<typeof NewMessage>>;

const Times = Type.Object(Object.fromEntries(messageStates.map((state) => [state, Type.Optional(Type.String())])));

/** A message as the API shows it. */
export const UnitMessage = Type.Object({
  id: Type.String(),
  version: Type.Integer(),
  unit: Type.String(),
  state: MessageStateName,
  assignment: Type.Optional(Type.String()),
  incident: Type.Optional(Type.String()),
  ...content,
  /** Who wrote it. */
  by: Type.String(),
  at: Type.String(),
  expiresAt: Type.String(),
  /** How often it was handed to the broker. */
  tries: Type.Integer(),
  /** When it last was. */
  sentAt: Type.Optional(Type.String()),
  /** When it came to each state (RFC 3339), in the terminal's own time where that is believed. */
  times: Type.Unsafe<Readonly<Partial<Record<MessageStateName, string>>>>(Times),
});
export type UnitMessage = Readonly<Static<typeof UnitMessage>>;
