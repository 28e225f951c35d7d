import './tokens.css';
import './base.css';
import { createApp } from 'vue';
import App from './app.vue';
import { createWords } from './words/words.ts';

createApp(App).use(createWords()).mount('#app');
