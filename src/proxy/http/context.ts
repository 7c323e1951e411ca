// What every handler finds in its context.

import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { LogFields } from '../core/log.js';
import type { Problem } from '../core/verdict.js';
import type { VisitorAddress } from './client-address.js';

/** Bindings are absent where a test asks the app without a socket. */
export interface AppEnv {
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    address: VisitorAddress;
    /** Headers that every response to this request carries. */
    head: Readonly<Record<string, string>>;
    /** The response that was made with `head` already: headers set afterwards cost as much as all the rest of a refusal. */
    complete?: Response;
    /** Why the request was refused: logged with its id, so that every reference a visitor is shown is found in the log. */
    problem?: Problem;
    /** What the log may say of a refusal beyond what the visitor is told, such as the limit that was reached. */
    refusal?: LogFields;
  };
}

/** The context of a handler. */
export type AppContext = Context<AppEnv>;

/** Answers a request. */
export type Handler = (c: AppContext) => Response | Promise<Response>;
