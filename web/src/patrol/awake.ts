import { onBeforeUnmount, onMounted } from 'vue';

/** Keeps the screen on while the page is looked at, where the browser can. */
export function useWakeLock(): void {
  let lock: WakeLockSentinel | undefined;
  const hold = async () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    lock = await navigator.wakeLock.request('screen').catch(() => undefined);
  };
  onMounted(() => {
    void hold();
    document.addEventListener('visibilitychange', hold);
  });
  onBeforeUnmount(() => {
    document.removeEventListener('visibilitychange', hold);
    void lock?.release();
  });
}
