import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue';

const everyMs = 3_000;

/** Whether the server's detector says that it is blind; asked again every few seconds while the wall is open. */
export function useDetectorSight(): Ref<boolean> {
  const isBlind = ref(false);
  let timer: number | undefined;
  const look = async () => {
    const answer = await fetch('/readyz', { signal: AbortSignal.timeout(everyMs) }).catch(() => undefined);
    const health: { parts?: { detector?: string } } | undefined = await answer?.json().catch(() => undefined);
    // No answer says nothing of the detector: the link has a strip of its own.
    if (health?.parts) isBlind.value = health.parts.detector === 'blind';
  };
  onMounted(() => {
    void look();
    timer = window.setInterval(look, everyMs);
  });
  onBeforeUnmount(() => window.clearInterval(timer));
  return isBlind;
}
