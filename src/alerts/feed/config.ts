import { type Static, Type } from 'typebox';

/** `feeds` of tianliang.yaml: as whom this house speaks to programs that read it. */
export const FeedsConfig = Type.Object(
  {
    sender: Type.String({
      pattern: '^[^\\s,<&]{1,200}$',
      default: 'tianliang@localhost',
      description: 'a name that nobody else has, like traffic@town.example, without spaces and commas',
    }),
  },
  { additionalProperties: false, default: {} },
);
export type FeedsConfig = Readonly<Static<typeof FeedsConfig>>;
