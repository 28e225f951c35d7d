import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { DatumName } from '../../gis/datum.ts';
import { receiptStates } from '../device-message.ts';

/* What devices send. Unknown keys are let pass: a newer terminal must not fall silent. */

const At = Type.String({ maxLength: 40 });
const Lat = Type.Number({ minimum: -90, maximum: 90 });
const Lon = Type.Number({ minimum: -180, maximum: 180 });
const Battery = Type.Number({ minimum: 0, maximum: 100 });
const Accuracy = Type.Number({ minimum: 0, maximum: 1e6 });
const Heading = Type.Number({ minimum: 0, maximum: 360 });

const Position = Type.Object({
  at: At,
  lat: Lat,
  lon: Lon,
  accuracy: Type.Optional(Accuracy),
  speed: Type.Optional(Type.Number({ minimum: 0, maximum: 200 })),
  heading: Type.Optional(Heading),
  battery: Type.Optional(Battery),
  datum: Type.Optional(DatumName),
});

const Status = Type.Object({
  at: Type.Optional(At),
  online: Type.Optional(Type.Boolean()),
  battery: Type.Optional(Battery),
  signal: Type.Optional(Type.Number({ minimum: -200, maximum: 200 })),
  channel: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Integer()])),
  ptt: Type.Optional(Type.Boolean()),
});

const Receipt = Type.Object({
  at: Type.Optional(At),
  assignment: Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_.:-]+$' }),
  state: Type.Enum([...receiptStates]),
});

/** A null is a probe that is out of order: its neighbours still count. */
const Reading = Type.Object({
  at: At,
  values: Type.Record(
    Type.String({ pattern: '^[a-z][A-Za-z0-9_]{0,63}$' }),
    Type.Union([Type.Number({ minimum: -1e12, maximum: 1e12 }), Type.Null()]),
    { maxProperties: 64, additionalProperties: false },
  ),
});

/** Each part of an SOS stands alone: whatever else is wrong with it, it is an SOS. */
const SosPoint = Type.Object({ lat: Lat, lon: Lon, datum: Type.Optional(DatumName) });
const SosText = Type.Object({ text: Type.String() });
const SosTime = Type.Object({ at: At });

/** https://owntracks.org/booklet/tech/json/ : seconds, km/h. */
const OwnTracksLocation = Type.Object({
  _type: Type.Literal('location'),
  tst: Type.Integer({ minimum: 0, maximum: 4e9 }),
  lat: Lat,
  lon: Lon,
  acc: Type.Optional(Accuracy),
  vel: Type.Optional(Type.Number({ minimum: -1, maximum: 720 })),
  cog: Type.Optional(Type.Number({ minimum: -1, maximum: 360 })),
  batt: Type.Optional(Battery),
});
const OwnTracksTransition = Type.Object({
  _type: Type.Literal('transition'),
  tst: Type.Integer({ minimum: 0, maximum: 4e9 }),
  lat: Lat,
  lon: Lon,
  acc: Type.Optional(Accuracy),
  event: Type.Enum(['enter', 'leave']),
});
const OwnTracksLwt = Type.Object({ _type: Type.Literal('lwt') });
const OwnTracksTyped = Type.Object({ _type: Type.String() });

/** https://github.com/matthewwall/weewx-mqtt : numbers, in quotes or not. */
const WeewxPacket = Type.Record(Type.String({ maxLength: 128 }), Type.Unknown(), { maxProperties: 512 });

/** https://tasmota.github.io/docs/MQTT/ : probes beside their units and a local time. */
const TasmotaSensor = Type.Object({
  Time: Type.Optional(Type.String({ maxLength: 40 })),
  TempUnit: Type.Optional(Type.String({ maxLength: 8 })),
  PressureUnit: Type.Optional(Type.String({ maxLength: 8 })),
});
const TasmotaProbe = Type.Object({
  Temperature: Type.Optional(Type.Unknown()),
  DewPoint: Type.Optional(Type.Unknown()),
  Humidity: Type.Optional(Type.Unknown()),
  Pressure: Type.Optional(Type.Unknown()),
});
const TasmotaState = Type.Object({
  Time: Type.Optional(Type.String({ maxLength: 40 })),
  Wifi: Type.Optional(Type.Object({ Signal: Type.Optional(Type.Number({ minimum: -200, maximum: 200 })) })),
});

/** https://shelly-api-docs.shelly.cloud/gen2/ : a component's status; a null is a probe that did not answer. */
const ShellyComponent = Type.Object({
  tC: Type.Optional(Type.Unknown()),
  rh: Type.Optional(Type.Unknown()),
  battery: Type.Optional(Type.Object({ percent: Type.Optional(Type.Unknown()) })),
});

/** https://www.home-assistant.io/integrations/mqtt_statestream/ : an attribute is a JSON text. */
const EntityAttribute = Type.String({ maxLength: 64 });

export const positionPayload = Compile(Position);
export const statusPayload = Compile(Status);
export const receiptPayload = Compile(Receipt);
export const readingPayload = Compile(Reading);
export const sosPointPayload = Compile(SosPoint);
export const sosTextPayload = Compile(SosText);
export const sosTimePayload = Compile(SosTime);
export const ownTracksLocation = Compile(OwnTracksLocation);
export const ownTracksTransition = Compile(OwnTracksTransition);
export const ownTracksLwt = Compile(OwnTracksLwt);
export const ownTracksTyped = Compile(OwnTracksTyped);
export const weewxPayload = Compile(WeewxPacket);
export const tasmotaSensor = Compile(TasmotaSensor);
export const tasmotaProbe = Compile(TasmotaProbe);
export const tasmotaState = Compile(TasmotaState);
export const shellyComponent = Compile(ShellyComponent);
export const entityAttribute = Compile(EntityAttribute);
