import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export interface AnsweredRequest {
  readonly method: string;
  /** The route's pattern, never the URL: a label must not grow with what clients send. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** What the process and its HTTP tell Prometheus. */
export class HttpMetrics {
  readonly registry = new Registry();
  readonly #seconds = new Histogram({
    name: 'tianliang_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [this.registry],
  });
  readonly #answers = new Counter({
    name: 'tianliang_http_answers_total',
    help: 'Answers by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  answered({ method, route, status, seconds }: AnsweredRequest): void {
    this.#seconds.observe({ method, route }, seconds);
    this.#answers.inc({ method, route, status });
  }
}
