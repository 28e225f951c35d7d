import { Aedes, type Client } from 'aedes';
import type { ErrorTally } from '../../shared/error-tally.ts';
import type { BrokerPolicy } from './broker-policy.ts';
import type { DeviceSessions } from './device-sessions.ts';
import { connectionFacts, GuardedConnection } from './guarded-connection.ts';
import { isProtocolFault } from './protocol-fault.ts';
import type { RefusalFacts } from './refusal-log.ts';

export interface AedesBrokerOptions {
  readonly policy: BrokerPolicy;
  readonly sessions: DeviceSessions;
  readonly connectMs: number;
  readonly refused: (reason: 'protocol-error', facts: RefusalFacts) => void;
  readonly errors: ErrorTally;
}

/** aedes with our answers to all it asks. */
export async function createAedes(options: AedesBrokerOptions): Promise<Aedes> {
  const { policy, sessions, connectMs } = options;
  const keepAlives = new WeakMap<Client, number>();
  const aedes = await Aedes.createBroker({
    persistence: sessions,
    concurrency: 100,
    drainTimeout: 3_000,
    connectTimeout: connectMs,
    maxClientsIdLength: 128,
    maxInflightInbound: 100,
    preConnect: (client, packet, done) => {
      if (packet.will) policy.rememberWill(client, packet.will.topic);
      keepAlives.set(client, packet.keepalive ?? 0);
      done(null, true);
    },
    authenticate: (client, ...[username, password, done]) => {
      const fault = policy.authenticate(client, username, password);
      if (!fault && client.conn instanceof GuardedConnection) client.conn.open(username ?? '');
      done(fault ?? null, fault === undefined);
    },
    authorizePublish: (client, packet, done) => {
      policy.publish(client, packet).then(() => {
        done(null);
        if (client?.conn instanceof GuardedConnection) client.conn.settle();
      }, done);
    },
    authorizeSubscribe: (client, subscription, done) => done(null, policy.subscription(client, subscription)),
    authorizeForward: (client, packet) => (policy.mayHear(client, packet.topic) ? packet : null),
  });
  aedes.on('unsubscribe', (topics, client) => policy.unsubscribed(client, topics));
  aedes.on('clientReady', (client) => openLane(client, { policy, keepAliveSeconds: keepAlives.get(client) ?? 0 }));
  listenToFaults(aedes, options);
  return aedes;
}

/** Half of the keep-alive is time enough: the broker waits one and a half (MQTT 3.1.1 §3.1.2.10). */
function openLane(client: Client, { policy, keepAliveSeconds }: { policy: BrokerPolicy; keepAliveSeconds: number }) {
  if (!(client.conn instanceof GuardedConnection)) return;
  client.conn.openLane({
    mayTake: (topic) => policy.isOurs(client, topic),
    isCall: (topic) => policy.isCall(topic),
    take: async ({ topic, payload }) => {
      await policy.take(client, { topic, payload, qos: 1, retain: false });
    },
    restMs: keepAliveSeconds === 0 ? Number.POSITIVE_INFINITY : keepAliveSeconds * 500,
  });
}

function listenToFaults(aedes: Aedes, { policy, refused, errors }: AedesBrokerOptions): void {
  const fail = (client: Client, error: Error) => {
    if (!isProtocolFault(error)) return errors.add(error);
    const device = policy.deviceOf(client);
    refused('protocol-error', {
      ...connectionFacts(client.conn),
      ...(device !== undefined && { device }),
      why: error.message,
    });
  };
  aedes.on('clientError', fail);
  aedes.on('connectionError', fail);
  // Not in its types: without a listener an error of its own would end the process.
  (aedes as NodeJS.EventEmitter).on('error', (error: Error) => errors.add(error));
}
