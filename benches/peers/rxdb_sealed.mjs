// RxDB with its free encryption (crypto-js). What is indexed cannot be encrypted, so names, households and dates stay readable.
import { wrappedKeyEncryptionCryptoJsStorage } from 'rxdb/plugins/encryption-crypto-js';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { openWith } from './rxdb.mjs';

export * from './rxdb.mjs';
export const name = 'RxDB, encrypted';

export const open = () =>
  openWith(wrappedKeyEncryptionCryptoJsStorage({ storage: getRxStorageDexie() }), { password: 'correct horse battery staple' }, ['body']);
