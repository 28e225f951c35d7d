import { type Static, Type } from 'typebox';
import { GeoPoint } from '../gis/point.ts';
import { Carriageway } from '../gis/road-feature.ts';
import { UnitReceipt } from './downlink/receipt.ts';

export const UnitKind = Type.Enum(['patrol', 'road', 'rescue', 'maintenance']);
export type UnitKind = Static<typeof UnitKind>;

/** `off` until its terminal has ever been heard. */
export const UnitStatus = Type.Enum(['free', 'en_route', 'on_scene', 'off']);
export type UnitStatus = Static<typeof UnitStatus>;

/** A unit as the API and the wall show it. */
export const Unit = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: UnitKind,
  status: UnitStatus,
  online: Type.Boolean(),
  position: Type.Optional(GeoPoint),
  /** Degrees from north, clockwise. */
  heading: Type.Optional(Type.Number()),
  /** Metres a second. */
  speed: Type.Optional(Type.Number()),
  /** Per cent. */
  battery: Type.Optional(Type.Number()),
  /** As the terminal says it: dBm or per cent. */
  signal: Type.Optional(Type.Number()),
  /** The talk group its terminal is on. */
  channel: Type.Optional(Type.String()),
  /** Its terminal talks at this moment; left out while it does not. */
  ptt: Type.Optional(Type.Literal(true)),
  /** When it was there (RFC 3339). */
  at: Type.Optional(Type.String()),
  road: Type.Optional(Type.String()),
  stake: Type.Optional(Type.String()),
  carriageway: Type.Optional(Carriageway),
  area: Type.Optional(Type.String()),
  /** The geofences it is inside of; left out when there are none. */
  fences: Type.Optional(Type.Array(Type.String())),
  /** Messages its terminal has not been seen to show; left out when there are none. */
  unread: Type.Optional(Type.Integer()),
  /** Of the newest message that its terminal has answered. */
  receipt: Type.Optional(UnitReceipt),
});
export type Unit = Readonly<Static<typeof Unit>>;
