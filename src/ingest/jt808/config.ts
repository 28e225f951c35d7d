import { type Static, Type } from 'typebox';
import { DatumName } from '../../gis/datum.ts';

/** Where terminals that speak JT/T 808 connect; without it the port is closed. */
export const Jt808Config = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', minLength: 1 }),
    port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  },
  { additionalProperties: false },
);

/** What makes a device a terminal of JT/T 808. */
export const Jt808Terminal = Type.Object(
  {
    phone: Type.String({
      pattern: '^(?=.*[1-9])[0-9]{1,20}$',
      description: "the terminal's number in quotes, 1 to 20 digits",
    }),
    /** The standard says WGS-84; not every terminal does. */
    datum: Type.Optional(DatumName),
  },
  { additionalProperties: false },
);

export type Jt808Config = Readonly<Static<typeof Jt808Config>>;
export type Jt808Terminal = Readonly<Static<typeof Jt808Terminal>>;

/** A number the way it is compared: 013800138000 in six bytes is 13800138000 in ten. */
export function significantDigits(phone: string): string {
  return phone.replace(/^0+/, '');
}

/** Devices that share a number. */
export function phoneIssues(devices: readonly { readonly jt808?: Jt808Terminal }[]) {
  const first = new Map<string, number>();
  return devices.flatMap(({ jt808 }, index) => {
    if (!jt808) return [];
    const digits = significantDigits(jt808.phone);
    const earlier = first.get(digits);
    if (earlier === undefined) first.set(digits, index);
    if (earlier === undefined) return [];
    return [{ path: ['devices', index, 'jt808', 'phone'], message: `is the number of devices[${earlier}] already` }];
  });
}
