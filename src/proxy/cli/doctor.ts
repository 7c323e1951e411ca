// `doctor`: checks everything around the proxy that it cannot know or does not wait for at startup, and reports what to fix. Places no
// call: PolyAI gets one status request for a call that cannot exist. Changes nothing except what opening the database changes.

import { type ProxyConfig, readConfig } from '../config/config.js';
import { ConfigError } from '../config/mistake.js';
import { readTextFile } from '../config/parse.js';
import type { Environment } from '../config/read-settings.js';
import { checkClock, checkTimeZones } from './doctor/clock.js';
import { checkCredential, checkReachability } from './doctor/credential.js';
import { checkDatabase } from './doctor/database.js';
import { bad, fine, type Finding } from './doctor/finding.js';
import { checkOrigins, checkProxyTrust } from './doctor/network.js';
import { checkPublicUrl } from './doctor/public-url.js';
import { findOpenCall } from './doctor/streaming.js';

/** Dependencies of the command. */
export interface DoctorDeps {
  readonly env: Environment;
  readonly print: (line: string) => void;
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** For tests. */
  readonly fetch?: typeof fetch;
}

/** Runs every check. Returns 1 when something must be fixed. */
export async function runDoctor({ env, print, options, fetch: send = fetch }: DoctorDeps): Promise<0 | 1> {
  const report = options['json'] === true ? asJson(print) : asText(print);
  let failures = 0;
  const add = (findings: readonly Finding[]): void => {
    for (const finding of findings) {
      if (finding.level === 'fail') failures += 1;
      report(finding);
    }
  };
  const settings = settingsOf(env);
  add(settings.findings);
  add(checkTimeZones());
  if (settings.config !== undefined) {
    const { config } = settings;
    add(checkOrigins(config));
    add(checkProxyTrust(config));
    add(await checkDatabase(config));
    add(checkCredential(config));
    add(await checkReachability(config));
    add(await checkClock(config, send));
    const url = options['url'];
    // A database that cannot be read is reported above.
    const openCall = () => findOpenCall(config).catch(() => undefined);
    add(await checkPublicUrl(typeof url === 'string' ? url : undefined, config, send, openCall));
  }
  if (options['json'] !== true) print(failures === 0 ? '\nNothing has to be fixed.' : `\n${String(failures)} to fix.`);
  return failures === 0 ? 0 : 1;
}

function settingsOf(env: Environment): { readonly config?: ProxyConfig; readonly findings: readonly Finding[] } {
  try {
    const config = readConfig(env, readTextFile);
    const what = config.sandbox
      ? 'no credential is set: the proxy is a sandbox, and no phone rings'
      : `real calls through the ${config.api} API`;
    return { config, findings: [fine('settings', what)] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.mistakes.map(({ variable, seen, expected, didYouMean }) =>
      bad(
        'settings',
        `${variable} is ${seen}`,
        `Set it to ${expected}${didYouMean === undefined ? '' : ` (did you mean ${didYouMean}?)`}.`,
      ),
    );
    return { findings };
  }
}

const signs = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' } as const;

const asText =
  (print: (line: string) => void) =>
  ({ level, subject, found, fix }: Finding): void => {
    print(`${signs[level]}  ${subject}: ${found}`);
    if (fix !== undefined) print(`      ${fix}`);
  };

const asJson =
  (print: (line: string) => void) =>
  (finding: Finding): void =>
    print(JSON.stringify(finding));
