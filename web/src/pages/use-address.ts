import { onBeforeUnmount, onMounted, ref } from 'vue';
import { addressOf } from './page-of.ts';

/** The page that the address bar names, as it changes. */
export function useAddress() {
  const address = ref(addressOf(location.hash));
  const read = () => {
    address.value = addressOf(location.hash);
  };
  onMounted(() => window.addEventListener('hashchange', read));
  onBeforeUnmount(() => window.removeEventListener('hashchange', read));
  return address;
}
