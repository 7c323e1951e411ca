// nginx with its push module nchan, as a stream server to compare with: C, one worker, everything in memory. Debian's package is
// libnginx-mod-nchan. Absent on most machines: the bench then says so and goes on without it.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const modulePath = '/usr/lib/nginx/modules/ngx_nchan_module.so';
const nginx = '/usr/sbin/nginx';

/** A running nginx. */
export interface Nchan {
  readonly port: number;
  /** Its worker and master. */
  readonly pids: readonly number[];
  publish(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts nginx with nchan; undefined if it is not installed. `connections`: how many readers it must carry. */
export async function startNchan(connections: number): Promise<Nchan | undefined> {
  if (!existsSync(nginx) || !existsSync(modulePath)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'polyai-callback-nchan-'));
  mkdirSync(join(folder, 'tmp'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/tmp/${name};`)
    .join(' ');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `load_module ${modulePath};
daemon off; worker_processes 1; worker_rlimit_nofile ${String(2 * connections + 1_000)}; pid ${folder}/pid; error_log stderr crit;
events { worker_connections ${String(2 * connections + 500)}; }
http {
  access_log off; ${temporary}
  server {
    listen 127.0.0.1:${String(port)} backlog=4096;
    location = /events { nchan_subscriber eventsource; nchan_channel_id bench; nchan_subscriber_first_message newest; }
    location = /publish { nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 1; }
  }
}
`,
  );
  const child = spawn(nginx, ['-c', join(folder, 'nginx.conf'), '-p', folder], { stdio: 'ignore' });
  const kill = (): void => void child.kill('SIGTERM');
  process.once('exit', kill);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${String(port)}`;
  for (let tries = 0; tries < 100; tries += 1) {
    if (
      await fetch(`${url}/publish`).then(
        () => true,
        () => false,
      )
    )
      break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const master = child.pid ?? 0;
  const workers = readFileSync(`/proc/${String(master)}/task/${String(master)}/children`, 'utf8')
    .trim()
    .split(' ');
  return {
    port,
    pids: [master, ...workers.map(Number)],
    publish: async (text) => {
      const response = await fetch(`${url}/publish`, { method: 'POST', body: text });
      await response.text();
      if (!response.ok) throw new Error(`nchan answered ${String(response.status)}`);
    },
    stop: async () => {
      process.off('exit', kill);
      kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
