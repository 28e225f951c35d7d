import '../tokens.css';
import '../base.css';
import { createApp } from 'vue';
import { createWords } from '../words/words.ts';
import PatrolApp from './patrol-app.vue';

createApp(PatrolApp).use(createWords()).mount('#app');
// Without TLS there is no worker: the page works, but not where it has to be opened without a net.
if ('serviceWorker' in navigator)
  void navigator.serviceWorker.register('/patrol-worker.js', { scope: '/patrol' }).catch(() => undefined);
