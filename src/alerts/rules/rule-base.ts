import { Type } from 'typebox';

/** What every sensor rule has. */
export const ruleBase = {
  /** A rule of the file replaces the built-in one of the same id. */
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'an id of a-z, 0-9 and -' }),
  /** Only these sensors; all of them when left out. */
  sensors: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  enabled: Type.Boolean({ default: true }),
  /** Seconds the readings must stay clear before the alert ends. */
  hold: Type.Number({ minimum: 0, maximum: 3_600, default: 10 }),
};
