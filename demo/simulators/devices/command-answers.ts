/** What a terminal answers to a command, and after how long. */
export interface Answer {
  readonly name: string;
  readonly state: 'delivered' | 'read' | 'accepted';
  readonly afterMs: number;
}

/** Between a command and what its reader does with it. */
export interface Manners {
  readonly readMs: number;
  readonly acceptMs: number;
}

export const usualManners: Manners = { readMs: 3_000, acceptMs: 8_000 };

/** The machine says at once that it has it, its reader that it is read; only an assignment can be accepted. */
export function answersTo(payload: string, { readMs, acceptMs }: Manners): Answer[] {
  const { id, assignment } = commandIn(payload);
  const name = assignment ?? id;
  if (name === undefined) return [];
  return [
    { name, state: 'delivered', afterMs: 0 },
    { name, state: 'read', afterMs: readMs },
    ...(assignment === undefined ? [] : [{ name, state: 'accepted', afterMs: acceptMs } as const]),
  ];
}

function commandIn(payload: string): { id?: string; assignment?: string } {
  try {
    const { id, assignment } = Object(JSON.parse(payload));
    return { ...(typeof id === 'string' && { id }), ...(typeof assignment === 'string' && { assignment }) };
  } catch {
    return {};
  }
}
