// A site of somebody else's, and the proxy that it uses: pages on another origin whose content a test pastes in, as a marketer
// does, and the built proxy as a sandbox or with a full credential. fixture.ts has the page for tests of the element itself.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser, type PageSource } from '../../scripts/browser/page.js';
import { type RunningProxy, startProxy } from '../../src/proxy/main.js';
import { createFakePolyAi, type FakePolyAi } from '../../src/proxy/sandbox/fake-polyai.js';
import type { Clock } from '../../src/proxy/core/clock.js';
import { credential, settingsFor } from '../fixtures/polyai-account.js';

/** A site that is not the proxy's. */
export interface HostServer {
  /** Its origin, which the proxy allows. */
  readonly url: string;
  /** The same server under another name: an origin that the proxy does not allow. */
  readonly strangerUrl: string;
  /** The whole page that it serves, at every path. */
  html: string;
  /** Its Content Security Policy, if it has one. */
  policy: string | undefined;
  close(): Promise<void>;
}

/** Starts the server. */
export async function startHostServer(): Promise<HostServer> {
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return response.writeHead(204).end();
    const policy = host.policy === undefined ? {} : { 'Content-Security-Policy': host.policy };
    return response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...policy }).end(host.html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const host: HostServer = {
    url: `http://127.0.0.1:${String(port)}`,
    strangerUrl: `http://localhost:${String(port)}`,
    html: '',
    policy: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return host;
}

/** Where everything is, before the proxy starts. */
export interface Place {
  readonly host: HostServer;
  /** URL that the proxy will have. */
  readonly proxyUrl: string;
  /** A folder for the test's files. */
  readonly folder: string;
}

export interface HostSiteOptions {
  /** The proxy's settings besides its port, its database and the host's origin. */
  readonly env?: (place: Place) => Readonly<Record<string, string>>;
  /** With a full credential, and this clock for the proxy and the fake PolyAI behind it. Default: a sandbox. */
  readonly credentialAt?: Clock;
}

/** A running site, its proxy, and a browser. */
export interface HostSite extends Place {
  readonly proxy: RunningProxy;
  /** Starts the proxy again, as after its settings changed. */
  restart(): Promise<void>;
  readonly pages: PageSource;
  /** Behind a proxy with a credential. */
  readonly fakePolyAi: FakePolyAi | undefined;
  close(): Promise<void>;
}

const silent = (): void => {};

/** Starts everything. */
export async function startHostSite({ env, credentialAt: clock }: HostSiteOptions = {}): Promise<HostSite> {
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-site-'));
  const host = await startHostServer();
  const port = await freePort();
  const place: Place = { host, folder, proxyUrl: `http://127.0.0.1:${String(port)}` };
  const fakePolyAi = clock && (await createFakePolyAi({ ...credential, now: clock.now }));
  const start = (): Promise<RunningProxy> =>
    startProxy(
      {
        PORT: String(port),
        DATABASE_URL: `file:${folder}/calls.db`,
        ALLOWED_ORIGINS: host.url,
        ...(fakePolyAi && {
          ...settingsFor(fakePolyAi),
          ALLOWED_COUNTRIES: 'US',
        }),
        ...env?.(place),
      },
      { ...(clock && { clock }), writeLog: silent, print: silent },
    );
  let proxy = await start();
  const pages = await openBrowser();
  return {
    ...place,
    get proxy() {
      return proxy;
    },
    restart: async () => {
      await proxy.close();
      proxy = await start();
    },
    pages,
    fakePolyAi,
    close: async () => {
      await pages.close();
      await proxy.close();
      await fakePolyAi?.close();
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
