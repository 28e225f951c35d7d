export interface Cell {
  readonly text: string;
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
}

export type Row = readonly Cell[];

/** A quotation mark that is never closed, or something behind one that is. */
export class CsvSyntaxError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, { line, column }: Omit<Cell, 'text'>) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** The rows of a CSV file (RFC 4180) with the place of every cell; rows without any text are left out. Throws CsvSyntaxError. */
export function csvRows(text: string): Row[] {
  const scanner = new CsvScanner(text.replace(/^\uFEFF/, ''));
  const rows: Row[] = [];
  while (!scanner.done) {
    const row = scanner.row();
    if (row.some((cell) => cell.text !== '')) rows.push(row);
  }
  return rows;
}

class CsvScanner {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get done(): boolean {
    return this.#at >= this.#text.length;
  }

  row(): Row {
    const cells: Cell[] = [];
    for (;;) {
      cells.push(this.#text[this.#at] === '"' ? this.#quoted() : this.#plain());
      if (this.#text[this.#at] !== ',') break;
      this.#at += 1;
    }
    this.#endLine();
    return cells;
  }

  #plain(): Cell {
    const place = this.#place();
    const rest = /[,\r\n]/g;
    rest.lastIndex = this.#at;
    const end = rest.exec(this.#text)?.index ?? this.#text.length;
    const text = this.#text.slice(this.#at, end).trim();
    this.#at = end;
    return { text, ...place };
  }

  #quoted(): Cell {
    const place = this.#place();
    let text = '';
    this.#at += 1;
    for (;;) {
      const end = this.#text.indexOf('"', this.#at);
      if (end < 0) throw new CsvSyntaxError('this quotation mark is never closed', place);
      text += this.#text.slice(this.#at, end);
      this.#at = end + 1;
      if (this.#text[this.#at] !== '"') break;
      text += '"';
      this.#at += 1;
    }
    this.#countLines(text);
    if (!this.done && !',\r\n'.includes(this.#text[this.#at] ?? ''))
      throw new CsvSyntaxError('expected a comma behind the closing quotation mark', this.#place());
    return { text, ...place };
  }

  #endLine(): void {
    if (this.#text[this.#at] === '\r') this.#at += 1;
    if (this.#text[this.#at] === '\n') this.#at += 1;
    this.#line += 1;
    this.#lineStart = this.#at;
  }

  /** Within quotation marks a cell may go on for several lines. */
  #countLines(text: string): void {
    const breaks = text.split('\n').length - 1;
    if (breaks === 0) return;
    this.#line += breaks;
    this.#lineStart = this.#text.lastIndexOf('\n', this.#at - 1) + 1;
  }

  #place(): { line: number; column: number } {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }
}
