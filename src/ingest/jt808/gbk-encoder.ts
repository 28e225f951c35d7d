const unknown = 0x3f;
const lineFeed = 0x0a;
const firstLead = 0x81;
const firstTrail = 0x40;
const noTrail = 0x7f;
const last = 0xfe;

/** Text in GBK, which terminals speak. Node only reads it, so the table is read off its decoder when first needed. */
export class GbkEncoder {
  #table: ReadonlyMap<string, number> | undefined;

  /** A character that GBK does not have becomes a question mark. */
  encode(text: string): Buffer {
    this.#table ??= readTable();
    const bytes: number[] = [];
    for (const character of text) {
      const code = character.codePointAt(0) ?? unknown;
      const pair = this.#table.get(character);
      if (code < 0x80) bytes.push(code);
      else if (pair === undefined) bytes.push(unknown);
      else bytes.push(pair >> 8, pair & 0xff);
    }
    return Buffer.from(bytes);
  }
}

/** All pairs in one go, a line each: a pair that means nothing becomes more than one character, or the replacement. */
function readTable(): ReadonlyMap<string, number> {
  const pairs = allPairs();
  const bytes = Buffer.from(pairs.flatMap((pair) => [pair >> 8, pair & 0xff, lineFeed]));
  const lines = new TextDecoder('gbk').decode(bytes).split('\n');
  const table = new Map<string, number>();
  for (const [index, pair] of pairs.entries()) {
    const character = lines[index] ?? '';
    if ([...character].length === 1 && character !== '\ufffd' && !table.has(character)) table.set(character, pair);
  }
  return table;
}

function allPairs(): number[] {
  const pairs: number[] = [];
  for (let lead = firstLead; lead <= last; lead += 1)
    for (let trail = firstTrail; trail <= last; trail += 1) if (trail !== noTrail) pairs.push((lead << 8) | trail);
  return pairs;
}
