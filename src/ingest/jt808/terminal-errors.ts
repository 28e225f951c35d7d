import { AppError } from '../../shared/app-error.ts';

/** Nothing can be said to a terminal that is not connected. */
export class TerminalOfflineError extends AppError {
  readonly code = 'TERMINAL_OFFLINE';
  override readonly statusCode = 409;

  constructor(device: string) {
    super(`terminal ${device} is not connected`);
  }
}

/** The terminal has it and says that it does not take it. */
export class TerminalRefusedError extends AppError {
  readonly code = 'TERMINAL_REFUSED';
  override readonly statusCode = 502;
  readonly result: number;

  constructor(device: string, result: number) {
    super(`terminal ${device} does not take the text: it answers ${result}`);
    this.result = result;
  }
}

/** Nobody knows whether the terminal has it. */
export class TerminalSilentError extends AppError {
  readonly code = 'TERMINAL_SILENT';
  override readonly statusCode = 504;

  constructor(device: string, deadlineMs: number) {
    super(`terminal ${device} did not answer in ${deadlineMs} ms`);
  }
}

/** More than a terminal can be told at this moment. */
export class TerminalBusyError extends AppError {
  readonly code = 'TERMINAL_BUSY';
  override readonly statusCode = 503;

  constructor(device: string) {
    super(`terminal ${device} has not answered what it was told before`);
  }
}

/** A text without a word, or one that no message holds. */
export class TerminalTextError extends AppError {
  readonly code = 'TERMINAL_TEXT_INVALID';
  override readonly statusCode = 422;

  constructor(mostBytes: number) {
    super(`a text for a terminal has 1 to ${mostBytes} bytes of GBK`);
  }
}
