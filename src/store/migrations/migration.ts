/** One step of the schema; once released it is never edited, only followed by another. */
export interface Migration {
  readonly name: string;
  /** Statements separated by a line with only `;`-ended SQL each. */
  readonly statements: readonly string[];
}
