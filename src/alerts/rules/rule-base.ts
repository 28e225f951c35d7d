import { Type } from 'typebox';

const ruleId = { pattern: '^[a-z0-9][a-z0-9-]{0,62}$', description: 'an id of a-z, 0-9 and -' };

/** What every sensor rule has. */
export const ruleBase = {
  /** A rule of the file replaces the built-in one of the same id. */
  id: Type.String(ruleId),
  /** Only these sensors; all of them when left out. */
  sensors: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  enabled: Type.Boolean({ default: true }),
  /** Seconds the readings must stay clear before the alert ends. */
  hold: Type.Number({ minimum: 0, maximum: 3_600, default: 10 }),
  /** Seconds the readings must stay beyond a limit before the alert is raised. */
  for: Type.Number({ minimum: 0, maximum: 86_400, default: 0 }),
  /** What the seat is told to do, beside the reasons. */
  advice: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
};

/** What a rule that names its own measure needs besides. */
export const measuredBase = {
  /** As readings name it: visibility, temperature, roadTemperature, waterLevel … */
  measure: Type.String({ minLength: 1, maxLength: 64 }),
  /** As a seat reads it; known for common measures. */
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  unit: Type.Optional(Type.String({ maxLength: 16 })),
};

/** The kinds of alert a rule of the site may raise. */
export const raises = Type.Enum(['measurement', 'low-visibility', 'ice', 'strong-wind'], { default: 'measurement' });
