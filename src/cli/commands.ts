import type { Command } from './command.ts';

interface NamedCommand {
  readonly name: string;
  readonly summary: string;
  /** What it runs is read only when it is asked for: to check a file takes no web server and no model. */
  readonly load: () => Promise<Command>;
}

/** Every command, in the order the usage shows them. */
export const commands: readonly NamedCommand[] = [
  {
    name: 'start',
    summary: 'run the command center  [--port N] [--host H] [--watch no]',
    load: async () => (await import('./start.ts')).start,
  },
  { name: 'check', summary: 'check the whole config directory', load: async () => (await import('./check.ts')).check },
  {
    name: 'cameras discover',
    summary: 'find ONVIF cameras on every network interface  [--timeout MS]',
    load: async () => (await import('./cameras-discover.ts')).camerasDiscover,
  },
  {
    name: 'cameras probe',
    summary: 'ID: walk one camera stage by stage and name the one that fails',
    load: async () => (await import('./cameras-probe.ts')).camerasProbe,
  },
  {
    name: 'cameras calibrate',
    summary: 'ID --pair x,y=lat,lon … [--file F] [--size WxH] [--datum D]: where on the ground its picture is',
    load: async () => (await import('./cameras-calibrate.ts')).camerasCalibrate,
  },
  {
    name: 'cameras plan',
    summary: 'what cameras.yaml changes of what runs; exit code 2 when it does  [--url URL]',
    load: async () => (await import('./cameras-plan.ts')).camerasPlan,
  },
  {
    name: 'cameras apply',
    summary: 'make cameras.yaml what runs  [--url URL]',
    load: async () => (await import('./cameras-apply.ts')).camerasApply,
  },
  {
    name: 'rules rehearse',
    summary: 'what reviewed alerts the rules would raise now  [--since 7d] [--json] [--export FILE] [--cases FILE]',
    load: async () => (await import('./rules-rehearse.ts')).rulesRehearse,
  },
  {
    name: 'plans simulate',
    summary: '--kind KIND [--area A] [--severity S] [--visibility M] [--at TIME]: what its plan would do, and when',
    load: async () => (await import('./plans-simulate.ts')).plansSimulate,
  },
  {
    name: 'decode',
    summary: '--topic TOPIC --payload FILE [--device ID]: what becomes of a message',
    load: async () => (await import('./decode.ts')).decode,
  },
  {
    name: 'evidence verify',
    summary:
      'FILE.zip [--key KEY] [--heads FILE --ledger-key FILE]: whether a package is as it was given out, and what is not',
    load: async () => (await import('./evidence-verify.ts')).evidenceVerify,
  },
  {
    name: 'evidence key',
    summary: 'the public key that packages of this installation are signed with',
    load: async () => (await import('./evidence-key.ts')).evidenceKey,
  },
  {
    name: 'reports daily',
    summary: 'what a day was like  [--date 2026-11-26] [--format csv]',
    load: async () => (await import('./reports.ts')).reportsDaily,
  },
  {
    name: 'reports weekly',
    summary: 'what a week was like  [--date 2026-W48] [--format csv]',
    load: async () => (await import('./reports.ts')).reportsWeekly,
  },
  {
    name: 'model list',
    summary: 'detector models that can be fetched by name',
    load: async () => (await import('./model-list.ts')).modelList,
  },
  {
    name: 'model fetch',
    summary: 'NAME or URL: bring a detector model here and check it',
    load: async () => (await import('./model-fetch.ts')).modelFetch,
  },
  {
    name: 'ledger verify',
    summary: 'walk the chain and the signed heads, name the first row that is wrong  [--heads FILE] [--key FILE]',
    load: async () => (await import('./ledger-verify.ts')).ledgerVerify,
  },
  {
    name: 'users add',
    summary: 'NAME --role ROLE [--areas A,B] [--unit ID]: make an account',
    load: async () => (await import('./users-add-command.ts')).usersAddCommand,
  },
  {
    name: 'users totp-reset',
    summary: 'NAME: take off a second factor that is lost',
    load: async () => (await import('./users-totp-reset.ts')).usersTotpReset,
  },
  {
    name: 'users token',
    summary: 'add NAME --name LABEL --role ROLE [--areas A,B] [--days N] | list NAME | revoke NAME --name LABEL',
    load: async () => (await import('./users-token.ts')).usersToken,
  },
];

export function usage(): string {
  const lines = commands.map(({ name, summary }) => `  tianliang ${name.padEnd(17)} ${summary}`);
  return ['usage:', ...lines, '', 'every command takes --config DIR and --data DIR'].join('\n');
}
