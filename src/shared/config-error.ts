import { AppError } from './app-error.ts';

/** One thing wrong in a configuration file, where an editor can jump to it. Lines and columns count from 1. */
export interface ConfigIssue {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Like `cameras[2].position.lat`. */
  readonly path: string;
  readonly message: string;
}

/** Names every issue and never the value: configuration holds secrets. */
export class ConfigError extends AppError {
  readonly code = 'CONFIG_INVALID';
  override readonly statusCode = 422;
  readonly issues: readonly ConfigIssue[];

  constructor(issues: readonly ConfigIssue[]) {
    super(issues.map(formatIssue).join('\n'));
    this.issues = issues;
  }
}

export function formatIssue({ file, line, column, path, message }: ConfigIssue): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path} `}${message}`;
}

/** `['cameras', 2, 'id']` as `cameras[2].id`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}
