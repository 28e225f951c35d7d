import { type Static, Type } from 'typebox';

/** What a terminal answers a message with. */
export const receiptStates = ['delivered', 'read', 'accepted', 'declined', 'arrived', 'completed'] as const;
export const ReceiptState = Type.Enum([...receiptStates]);
export type ReceiptState = Static<typeof ReceiptState>;

/** The furthest a terminal has brought a message, and when (RFC 3339). */
export const UnitReceipt = Type.Object({ state: ReceiptState, at: Type.String() });
export type UnitReceipt = Readonly<Static<typeof UnitReceipt>>;
