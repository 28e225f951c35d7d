import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Actor } from '../../shared/actor.ts';
import { Oversight, type OversightReports } from './oversight.ts';
import { Report } from './report.ts';
import { oversightCsv, reportCsv } from './report-csv.ts';
import type { Reports } from './reports.ts';

export interface ReportsPluginOptions {
  readonly reports: Reports;
  readonly oversight: OversightReports;
  readonly actorOf: (request: FastifyRequest) => Actor;
}

const Format = { format: Type.Enum(['json', 'csv'], { default: 'json' }) };
const Day = Type.Object({ date: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })), ...Format });
const Week = Type.Object({ week: Type.Optional(Type.String({ pattern: '^\\d{4}-W\\d{2}$' })), ...Format });

/** Reports over HTTP, as JSON or CSV: of the areas that the account has; who watches is for auditors and admins. */
export const reportsPlugin: FastifyPluginAsyncTypebox<ReportsPluginOptions> = async (app, options) => {
  const { reports, oversight, actorOf } = options;
  const tags = ['reports'];
  const config = { access: ['seat', 'reviewer', 'auditor'] } as const;
  const answer = { 200: Type.Union([Report, Type.String()]) };

  app.get(
    '/reports/daily',
    { config, schema: { querystring: Day, response: answer, tags } },
    async (request, reply) => {
      const report = await reports.daily(request.query.date, actorOf(request));
      if (request.query.format === 'json') return report;
      return sendCsv(reply, `daily-${report.period}`, reportCsv(report));
    },
  );

  const weekly = { querystring: Week, response: answer, tags };
  app.get('/reports/weekly', { config, schema: weekly }, async (request, reply) => {
    const report = await reports.weekly(request.query.week, actorOf(request));
    if (request.query.format === 'json') return report;
    return sendCsv(reply, `weekly-${report.period}`, reportCsv(report));
  });

  const watching = { querystring: Week, response: { 200: Type.Union([Oversight, Type.String()]) }, tags };
  const auditors = { access: ['auditor'], wholeSite: true } as const;
  app.get('/reports/oversight', { config: auditors, schema: watching }, async (request, reply) => {
    const report = await oversight.weekly(request.query.week, actorOf(request));
    if (request.query.format === 'json') return report;
    return sendCsv(reply, `oversight-${report.week}`, oversightCsv(report));
  });
};

function sendCsv(reply: FastifyReply, name: string, csv: string): FastifyReply {
  return reply
    .type('text/csv; charset=utf-8')
    .header('Content-Disposition', `attachment; filename="${name}.csv"`)
    .header('Cache-Control', 'private, no-store')
    .send(csv);
}
