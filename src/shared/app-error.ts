/** A failure somebody handles: a stable `code`, the HTTP status it answers with, and a sentence made of facts. */
export abstract class AppError extends Error {
  abstract readonly code: string;
  readonly statusCode: number = 500;
  /** When trying again makes sense: the answer's Retry-After. */
  readonly retryAfterSeconds: number | undefined = undefined;

  override get name(): string {
    return this.constructor.name;
  }
}
