import { type Static, Type } from 'typebox';
import { DatumName } from '../../gis/datum.ts';
import { pointerPattern } from './json-pointer.ts';

const Pointer = Type.String({
  pattern: pointerPattern,
  maxLength: 256,
  description: 'a JSON pointer like /wind/speed; "" is the whole payload',
});

/** A number somewhere in the payload: `raw × scale + offset` is in `unit`; `minimum` and `maximum` are in ours. */
export const NumberField = Type.Object(
  {
    pointer: Pointer,
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 16 })),
    scale: Type.Optional(Type.Number()),
    offset: Type.Optional(Type.Number()),
    minimum: Type.Optional(Type.Number()),
    maximum: Type.Optional(Type.Number()),
  },
  { additionalProperties: false },
);

/** Says yes where the value at the pointer is `is`, no where it is another. */
export const YesField = Type.Object(
  {
    pointer: Pointer,
    is: Type.Union([Type.Boolean(), Type.Number(), Type.String({ maxLength: 64 })], { default: true }),
  },
  { additionalProperties: false },
);

export const TextField = Type.Object({ pointer: Pointer }, { additionalProperties: false });

export const timeForms = ['rfc3339', 'seconds', 'milliseconds'] as const;
export const TimeField = Type.Object(
  { pointer: Pointer, form: Type.Enum([...timeForms], { default: 'rfc3339' }) },
  { additionalProperties: false },
);

export const PositionFields = Type.Object(
  {
    lat: NumberField,
    lon: NumberField,
    speed: Type.Optional(NumberField),
    heading: Type.Optional(NumberField),
    accuracy: Type.Optional(NumberField),
    battery: Type.Optional(NumberField),
    datum: Type.Optional(DatumName),
  },
  { additionalProperties: false },
);

export const StatusFields = Type.Object(
  {
    online: Type.Optional(YesField),
    battery: Type.Optional(NumberField),
    signal: Type.Optional(NumberField),
    channel: Type.Optional(TextField),
    ptt: Type.Optional(YesField),
  },
  { additionalProperties: false },
);

export const SosFields = Type.Object(
  {
    /** Without it every message on the topic is a call for help. */
    when: Type.Optional(YesField),
    lat: Type.Optional(NumberField),
    lon: Type.Optional(NumberField),
    datum: Type.Optional(DatumName),
    text: Type.Optional(TextField),
  },
  { additionalProperties: false },
);

export const DecoderConfig = Type.Object(
  {
    id: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
      description: 'letters, digits, "_", "." and "-", at most 64',
    }),
    topic: Type.String({ minLength: 1, description: 'a topic like plant/{device}/env' }),
    /** An id, or one put together from the topic's names: `wx-{station}`. Without it the topic has `{device}`. */
    device: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    type: Type.Enum(['reading', 'position', 'status', 'sos']),
    at: Type.Optional(TimeField),
    values: Type.Optional(Type.Record(Type.String(), NumberField, { description: 'measurements by name' })),
    position: Type.Optional(PositionFields),
    status: Type.Optional(StatusFields),
    sos: Type.Optional(SosFields),
  },
  { additionalProperties: false },
);

export const DecodersConfig = Type.Array(DecoderConfig, { default: [], maxItems: 1_000 });

export type NumberField = Readonly<Static<typeof NumberField>>;
export type YesField = Readonly<Static<typeof YesField>>;
export type TextField = Readonly<Static<typeof TextField>>;
export type TimeField = Readonly<Static<typeof TimeField>>;
export type PositionFields = Readonly<Static<typeof PositionFields>>;
export type StatusFields = Readonly<Static<typeof StatusFields>>;
export type SosFields = Readonly<Static<typeof SosFields>>;
export type DecoderConfig = Readonly<Static<typeof DecoderConfig>>;

export const dialectNames = ['owntracks', 'weewx', 'tasmota', 'shelly', 'homeassistant'] as const;
export type DialectName = (typeof dialectNames)[number];
export const DialectsConfig = Type.Array(Type.Enum([...dialectNames]), { default: ['owntracks'], maxItems: 16 });
