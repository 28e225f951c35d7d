import { type Static, Type } from 'typebox';
import { severities } from '../alert.ts';
import type { DeskLimits } from '../desk-limits.ts';

const seconds = (usual: number) => Type.Integer({ minimum: 5, maximum: 86_400, default: usual });
const Account = Type.String({ minLength: 1, maxLength: 32 });

/** Who is asked when nobody takes an alert: first another seat of its area, then those above. */
const EscalationConfig = Type.Object(
  {
    enabled: Type.Boolean({ default: true }),
    /** Seconds until somebody should have acknowledged; then the next seat is asked. */
    acknowledge: seconds(60),
    /** Seconds that one has; then the supervisors are asked. */
    supervise: seconds(60),
    /** Alerts of less severity are left alone. */
    from: Type.Enum([...severities], { default: 'minor' }),
    /** Account names; where none is named, the reviewers of the area. */
    supervisors: Type.Array(Account, { default: [], maxItems: 16 }),
  },
  { additionalProperties: false, default: {} },
);

/** `desk` of `tianliang.yaml`. */
export const DeskConfig = Type.Object({ escalation: EscalationConfig }, { additionalProperties: false, default: {} });
export type DeskConfig = Readonly<Static<typeof DeskConfig>>;

/** The desk's limits as far as they are configured. */
export function deskLimitsOf({ escalation }: DeskConfig): Partial<DeskLimits> {
  const { enabled, acknowledge, supervise, from } = escalation;
  return {
    acknowledgeMs: acknowledge * 1_000,
    superviseMs: supervise * 1_000,
    escalateFrom: enabled ? from : undefined,
  };
}
