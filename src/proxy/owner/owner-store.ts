// What the owner's page reads from the store. It changes nothing.

import type { Store } from '../store/store.js';

/** The store, as far as the page uses it. */
export type OwnerStore = Pick<Store, 'listCalls' | 'readDetails' | 'usage' | 'countTaken'>;
