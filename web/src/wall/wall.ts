import { computed, type Ref, ref, shallowRef } from 'vue';
import type { Incident } from '../api/incident-shapes.ts';
import type { Account, Alert } from '../api/shapes.ts';
import { type ServerMessage, topics } from '../live/contract.ts';
import { type Link, outageMs } from '../live/link.ts';
import { LiveClient } from '../live/live-client.ts';
import { liveSocket } from '../live/live-socket.ts';
import { applyAlert, applyIncident, applyMessage, emptyWorld, isOpen } from '../live/world.ts';
import { PlayerMemory } from '../player/player-memory.ts';
import { filterQueue, openQueue, type QueueFilter } from '../queue/queue-order.ts';
import { nearestCameras } from '../road/nearest-cameras.ts';
import type { ShownWay } from '../sending/ways-shown.ts';
import type { Session } from '../session/session.ts';
import { withSpot } from '../spots/spot-list.ts';

/** What is picked on the map besides the alert. */
export type Picked = { readonly kind: 'unit' | 'sensor'; readonly id: string };

export type Wall = ReturnType<typeof createWall>;

const tickMs = 250;

/** Everything one seat sees and has chosen. `start` opens the link, `close` ends it; both are safe to call once each. */
export function createWall(session: Session, user: Account) {
  const world = shallowRef(emptyWorld);
  const live = createLiveLink(session, world);
  const now = ref(Date.now());
  const startedAt = Date.now();
  const parts = createParts(world);
  const choice = createChoice(parts, user);
  const inDetail = ref<string>();
  let ticking: ReturnType<typeof setInterval> | undefined;

  return {
    user,
    session,
    api: session.api,
    players: new PlayerMemory(session.api),
    world,
    startedAt,
    inDetail,
    link: live.link,
    latencyMs: live.latencyMs,
    caughtUp: live.caughtUp,
    outage: computed(() => outageMs(live.link.value, now.value)),
    /** The server's time in milliseconds, ticking four times a second. */
    now: computed(() => now.value + live.clockOffsetMs.value),
    ...parts,
    ...choice,
    /** An answer to an action: shown at once, the event that follows changes nothing more. */
    learn: (alert: Alert) => {
      world.value = applyAlert(world.value, alert);
    },
    learnIncident: (incident: Incident) => {
      world.value = applyIncident(world.value, incident);
    },
    /** The alerts of the day, for the figures under the queue; the queue itself needs none of them. */
    learnToday: async () => {
      const page = await session.api.get<{ items: readonly Alert[] }>('/alerts?limit=500').catch(() => undefined);
      for (const alert of page?.items ?? []) if (!isOpen(alert)) world.value = applyAlert(world.value, alert);
    },
    start: () => {
      ticking = setInterval(() => {
        now.value = Date.now();
      }, tickMs);
      live.client.start();
    },
    close: () => {
      clearInterval(ticking);
      live.client.close();
    },
  };
}

function createLiveLink(session: Session, world: Ref<typeof emptyWorld>) {
  const link = ref<Link>({ phase: 'connecting', attempt: 0, lostAt: Date.now() });
  const latencyMs = ref<number>();
  const clockOffsetMs = ref(0);
  /** How many alerts the last reconnection brought; told for four seconds. */
  const caughtUp = ref<number>();
  let before: ReadonlyMap<string, Alert> = new Map();
  let everOpen = false;

  const returned = () => {
    const known = before;
    setTimeout(() => {
      caughtUp.value = [...world.value.alerts.values()].filter(
        (alert) => known.get(alert.id)?.version !== alert.version,
      ).length;
    }, 1_000);
    setTimeout(() => {
      caughtUp.value = undefined;
    }, 5_000);
  };

  const client = new LiveClient({
    connect: liveSocket,
    topics,
    seq: () => world.value.seq,
    onMessage: (message: ServerMessage) => {
      if (message.type === 'hello') clockOffsetMs.value = Date.parse(message.at) - Date.now();
      world.value = applyMessage(world.value, message);
    },
    onLink: (next) => {
      if (next.phase === 'waiting' && link.value.phase === 'open') before = world.value.alerts;
      if (next.phase === 'open' && everOpen) returned();
      everOpen ||= next.phase === 'open';
      link.value = next;
    },
    onLatency: (ms) => {
      latencyMs.value = ms;
    },
    mayRedial: () => session.stillHolds(),
  });
  return { client, link, latencyMs, clockOffsetMs, caughtUp };
}

/** Each part changes only when it does: a page that shows alerts is not drawn anew because a unit has moved. */
function createParts(world: Ref<typeof emptyWorld>) {
  return {
    alerts: computed(() => world.value.alerts),
    incidents: computed(() => world.value.incidents),
    units: computed(() => world.value.units),
    cameras: computed(() => world.value.cameras),
    sensors: computed(() => world.value.sensors),
    /** The server's detector says that it sees nothing. */
    isBlind: computed(() => world.value.health.get('detector')?.state === 'blind'),
  };
}

function createChoice({ alerts, cameras }: ReturnType<typeof createParts>, user: Account) {
  const selectedId = ref<string>();
  const selectedAt = ref(0);
  const filter = ref<QueueFilter>('all');
  const spots = ref<string[]>([]);
  const picked = ref<Picked>();
  /** A place that the map is asked to show. */
  const lookAt = shallowRef<{ lat: number; lon: number }>();
  /** How somebody would come to the selected alert. */
  const ways = shallowRef<readonly ShownWay[]>([]);
  const queue = computed(() => openQueue(alerts.value.values()));

  const select = (id: string | undefined) => {
    selectedId.value = id;
    selectedAt.value = Date.now();
    picked.value = undefined;
    const alert = id === undefined ? undefined : alerts.value.get(id);
    if (!alert) return;
    const near = nearestCameras(alert, cameras.value.values());
    if (near.length > 0) spots.value = near.map((camera) => camera.id);
    if (alert.position) lookAt.value = { ...alert.position };
  };

  return {
    selectedId,
    selectedAt,
    filter,
    spots,
    picked,
    lookAt,
    ways,
    queue,
    shown: computed(() => filterQueue(queue.value, filter.value, user.id)),
    selected: computed(() => (selectedId.value === undefined ? undefined : alerts.value.get(selectedId.value))),
    select,
    openSpot: (id: string) => {
      spots.value = withSpot(spots.value, id);
    },
    closeSpot: (id: string) => {
      spots.value = spots.value.filter((other) => other !== id);
    },
  };
}
