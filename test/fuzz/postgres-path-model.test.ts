// The path model on PostgreSQL, on the model's clock instead of the database's.

import { after } from 'node:test';
import pg from 'pg';
import { openPostgresStore } from '../../src/proxy/store/postgres/postgres-store.js';
import { startPostgres } from '../fixtures/postgres-server.js';
import { testPathModel, track } from './path-model.js';

const server = await startPostgres();
const url = await server.createDatabase();
after(() => server.stop());

// Every connection and every statement of the store, also those that follow calls.
const { query } = pg.Client.prototype;
const { connect } = pg.Pool.prototype;
pg.Client.prototype.query = function tracked(this: pg.Client, ...values: unknown[]) {
  const result = Reflect.apply(query, this, values) as unknown;
  track(result);
  return result;
} as typeof query;
pg.Pool.prototype.connect = function tracked(this: pg.Pool, ...values: unknown[]) {
  const result = Reflect.apply(connect, this, values) as unknown;
  track(result);
  return result;
} as typeof connect;

testPathModel(
  'PostgreSQL',
  async () => ({
    open: async (clock) => (await openPostgresStore({ url, clock, ignoresDatabaseTime: true, poolSize: 4 })).store,
    remove: () => server.clear(url),
  }),
  8,
);
