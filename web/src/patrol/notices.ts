import type { Api } from '../api/api.ts';

export type Notices = 'unknown' | 'absent' | 'off' | 'on' | 'denied';

/** Whether this browser is told by push, where browser and server can. */
export async function noticesNow(): Promise<Notices> {
  if (!('serviceWorker' in navigator) || !('PushManager' in window)) return 'absent';
  if (Notification.permission === 'denied') return 'denied';
  const registration = await navigator.serviceWorker.getRegistration('/patrol');
  return (await registration?.pushManager.getSubscription()) ? 'on' : 'off';
}

/** Subscribes with the server's key. Answers `absent` when the server has none. */
export async function turnNoticesOn(api: Api): Promise<Notices> {
  const key = await api.get<{ key: string }>('/push/key').catch(() => undefined);
  if (!key) return 'absent';
  if ((await Notification.requestPermission()) !== 'granted') return 'denied';
  const registration = await navigator.serviceWorker.ready;
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key.key,
  });
  await api.post('/push/subscriptions', subscription.toJSON());
  return 'on';
}

export async function turnNoticesOff(api: Api): Promise<Notices> {
  const registration = await navigator.serviceWorker.getRegistration('/patrol');
  const subscription = await registration?.pushManager.getSubscription();
  if (!subscription) return 'off';
  await api.delete('/push/subscriptions', { endpoint: subscription.endpoint }).catch(() => undefined);
  await subscription.unsubscribe();
  return 'off';
}
