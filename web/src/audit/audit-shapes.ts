export interface LedgerRow {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly object?: string;
  readonly result: string;
}

export interface Verdict {
  readonly intact: boolean;
  readonly rows: number;
  readonly heads: number;
  readonly firstWrongId?: number;
  readonly wrongLine?: number;
  readonly problem?: string;
}

export interface IdleWatch {
  readonly account: string;
  readonly camera: string;
  readonly times: number;
  readonly seconds: number;
}
