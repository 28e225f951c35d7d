import { type Static, Type } from 'typebox';
import { termFields } from '../requests/evidence-request.ts';

export const manifestName = 'manifest.json';
export const signatureName = 'manifest.sig';
export const keyName = 'public-key.pem';
/** Of the shape of what is in a package; another one is told apart by it. */
export const packageFormat = 'tianliang-evidence/1';

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });

export const PackedFile = Type.Object(
  {
    name: Type.String({ maxLength: 256 }),
    size: Type.Integer({ minimum: 0 }),
    sha256: Sha256,
    /** Where it comes from; a copy says what was changed. */
    source: Type.String({ maxLength: 256 }),
  },
  { additionalProperties: false },
);
export type PackedFile = Static<typeof PackedFile>;

/** What was asked for and is not in the package, and why. */
export const MissingFile = Type.Object({ name: Type.String(), reason: Type.String() }, { additionalProperties: false });
export type MissingFile = Static<typeof MissingFile>;

/** What a package holds and where it comes from; its bytes are what is signed. */
export const Manifest = Type.Object(
  {
    format: Type.Literal(packageFormat),
    id: Type.String(),
    createdAt: Type.String(),
    /** `review` is watermarked and no original. */
    copy: Type.Enum(['original', 'review']),
    request: Type.String(),
    ...termFields,
    requestedBy: Type.String(),
    approvedBy: Type.String(),
    exportedBy: Type.String(),
    /** The ledger's row of this very seal: its hash stands for all rows before it. */
    ledger: Type.Object({ row: Type.Integer(), hash: Sha256 }, { additionalProperties: false }),
    key: Type.String(),
    files: Type.Array(PackedFile, { maxItems: 20_000 }),
    missing: Type.Array(MissingFile, { maxItems: 20_000 }),
  },
  { additionalProperties: false },
);
export type Manifest = Static<typeof Manifest>;

/** The very bytes that are signed and written. */
export function manifestBytes(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
}
