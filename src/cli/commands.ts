import { camerasDiscover } from './cameras-discover.ts';
import { camerasProbe } from './cameras-probe.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { start } from './start.ts';
import { usersAddCommand } from './users-add-command.ts';

interface NamedCommand {
  readonly name: string;
  readonly summary: string;
  readonly run: Command;
}

/** Every command, in the order the usage shows them. */
export const commands: readonly NamedCommand[] = [
  { name: 'start', summary: 'run the command center  [--port N] [--host H]', run: start },
  { name: 'check', summary: 'check the whole config directory', run: check },
  {
    name: 'cameras discover',
    summary: 'find ONVIF cameras on every network interface  [--timeout MS]',
    run: camerasDiscover,
  },
  {
    name: 'cameras probe',
    summary: 'ID: walk one camera stage by stage and name the one that fails',
    run: camerasProbe,
  },
  { name: 'users add', summary: 'NAME --role ROLE [--areas A,B] [--unit ID]: make an account', run: usersAddCommand },
];

export function usage(): string {
  const lines = commands.map(({ name, summary }) => `  tianliang ${name.padEnd(17)} ${summary}`);
  return ['usage:', ...lines, '', 'every command takes --config DIR and --data DIR'].join('\n');
}
