/** Which secrets of the config directory are good enough to start with (T34). */
import type { ValueIssue } from './shared/check-value.ts';
import { isExampleSecret, secretProblem } from './shared/secret-problem.ts';

/** As much as somebody types into a terminal; logins that fail are counted and slowed all the same. */
const shortestOfDevice = 8;
/** Nobody types it. */
const shortestOfProgram = 16;

interface WithSecrets {
  readonly mqtt: { readonly password?: string };
  readonly devices: readonly { readonly password: string }[];
  readonly telemetry: { readonly influx?: { readonly token?: string; readonly password?: string } };
  readonly channels: readonly object[];
}

interface Told {
  readonly path: ValueIssue['path'];
  readonly secret: string | undefined;
  /** How long it must be. */
  readonly shortest: number;
}

/** Secrets of tianliang.yaml that are weak, or of an example. What an OpenID issuer gave is looked at beside it. */
export function secretIssues({ mqtt, devices, telemetry, channels }: WithSecrets): ValueIssue[] {
  const { influx } = telemetry;
  return issuesOf([
    ...devices.map(({ password: secret }, index) => ({
      ...{ path: ['devices', index, 'password'], secret, shortest: shortestOfDevice },
    })),
    ...channels.map((channel, index) => ({
      path: ['channels', index, 'secret'],
      secret: 'secret' in channel && typeof channel.secret === 'string' ? channel.secret : undefined,
      shortest: shortestOfProgram,
    })),
    // Whoever runs those servers says how long.
    { path: ['mqtt', 'password'], secret: mqtt.password, shortest: 1 },
    { path: ['telemetry', 'influx', 'token'], secret: influx?.token, shortest: 1 },
    { path: ['telemetry', 'influx', 'password'], secret: influx?.password, shortest: 1 },
  ]);
}

interface CameraSecrets {
  readonly defaults?: { readonly password?: string };
  readonly cameras?: readonly { readonly password?: string; readonly publishKey?: string }[];
}

/**
 * The same of a cameras file. What a camera left its factory with is the camera's weakness: to refuse it would leave the
 * wall without eyes. What stands in examples never opened one.
 */
export function cameraSecretIssues({ defaults, cameras = [] }: CameraSecrets): ValueIssue[] {
  const passwords = [
    { path: ['defaults', 'password'], secret: defaults?.password },
    ...cameras.map(({ password: secret }, index) => ({ path: ['cameras', index, 'password'], secret })),
  ];
  const examples = passwords.filter(({ secret = '' }) => isExampleSecret(secret));
  const message = 'expected the password of the camera, and none of an example';
  const keys = cameras.map(({ publishKey: secret }, index) => ({
    ...{ path: ['cameras', index, 'publishKey'], secret, shortest: shortestOfProgram },
  }));
  return [...examples.map(({ path }) => ({ path, at: 'value' as const, message })), ...issuesOf(keys)];
}

function issuesOf(told: readonly Told[]): ValueIssue[] {
  return told.flatMap(({ path, secret, shortest }) => {
    const message = secret === undefined ? undefined : secretProblem(secret, shortest);
    return message === undefined ? [] : [{ path, at: 'value' as const, message }];
  });
}
