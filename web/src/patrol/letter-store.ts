import type { Letter, LetterBox } from './outbox.ts';

const name = 'tianliang-patrol';
const store = 'letters';

/** Letters in IndexedDB: a page that is closed or has crashed has lost none. */
export async function openLetterStore(): Promise<LetterBox> {
  const db = await opened();
  const inStore = <T>(mode: IDBTransactionMode, act: (letters: IDBObjectStore) => IDBRequest<T>) =>
    done(act(db.transaction(store, mode).objectStore(store)));
  return {
    all: () => inStore<Letter[]>('readonly', (letters) => letters.getAll()),
    put: async (letter) => {
      await inStore('readwrite', (letters) => letters.put(letter));
    },
    remove: async (id) => {
      await inStore('readwrite', (letters) => letters.delete(id));
    },
  };
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: 'id' });
  return done(request);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
