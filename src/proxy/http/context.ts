// The context of every handler.

import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { LogFields } from '../core/log.js';
import type { Problem } from '../core/verdict.js';
import type { VisitorAddress } from './client-address.js';

/** Bindings are absent when a test calls the app without a socket. */
export interface AppEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    address: VisitorAddress;
    /** Headers that every response to this request carries. */
    head: Readonly<Record<string, string>>;
    /** The response, created with the headers of `head`: setting them afterwards would double the cost of a refusal. */
    complete?: Response;
    /** Why the request was refused: logged with its id, so that every reference shown to a visitor can be found in the log. */
    problem?: Problem;
    /** Details of a refusal for the log only, such as the limit that was reached. */
    refusal?: LogFields;
  };
}

/** The context of a handler. */
export type AppContext = Context<AppEnv>;

/** The address of the connection that a request came from; undefined if it is unknown. */
export type PeerAddressReader = (c: Context) => string | undefined;

/** Answers a request. */
export type Handler = (c: AppContext) => Response | Promise<Response>;
