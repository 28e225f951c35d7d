import { onBeforeUnmount, onMounted, type Ref, ref } from 'vue';

/** How wide an element is, as the browser tells it after its own layout: nothing is measured. */
export function useWidth(box: Readonly<Ref<HTMLElement | null>>, otherwise: number): Readonly<Ref<number>> {
  const width = ref(otherwise);
  const observer = new ResizeObserver(([entry]) => {
    if (entry) width.value = entry.contentRect.width;
  });
  onMounted(() => box.value && observer.observe(box.value));
  onBeforeUnmount(() => observer.disconnect());
  return width;
}
