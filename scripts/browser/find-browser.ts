// Finds a browser for the widget tests and the end-to-end tests, so that nobody has to install one.
// Does not start it: web-test-runner.config.js and page.ts do.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A browser that can be started. */
export interface Browser {
  readonly executablePath: string;
  /** Flags for every launch: no background activity, no network requests of its own, the same behavior on every machine. */
  readonly args: readonly string[];
  /** The environment of the browser's process. */
  readonly env: Readonly<Record<string, string>>;
}

const installedPaths: readonly string[] = [
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The browser to test with: CHROME_PATH, else an installed Chrome or Chromium, else the one inside @sparticuz/chromium
 * (Linux on x64). The last is unpacked once into the temporary directory, in a separate folder for each version and user.
 */
export async function findBrowser(): Promise<Browser> {
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new Error(`CHROME_PATH is ${named}, where there is no file`);
    return { executablePath: named, args: commonArgs(), env: ownEnv() };
  }
  const installed = installedPaths.find((path) => existsSync(path));
  if (installed !== undefined) return { executablePath: installed, args: commonArgs(), env: ownEnv() };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('No Chrome or Chromium found. Install one, or set CHROME_PATH to its executable.');
  }
  return unpackedBrowser();
}

function commonArgs(): string[] {
  // Chrome refuses to run as root inside its sandbox. The pages it opens are our own.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return [
    ...sandbox,
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-sync',
    '--disable-features=OptimizationHints,MediaRouter,Translate,DialMediaRouteProvider',
    '--no-default-browser-check',
    '--no-first-run',
    '--no-pings',
    '--metrics-recording-only',
    '--mute-audio',
    '--force-color-profile=srgb',
    '--font-render-hinting=none',
    '--lang=en-US',
  ];
}

function ownEnv(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  return env;
}

async function unpackedBrowser(): Promise<Browser> {
  const require = createRequire(import.meta.url);
  const packed = require.resolve('@sparticuz/chromium').replace(/build[\\/].*$/, '');
  const { version } = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8')) as { version: string };
  const folder = join(tmpdir(), `polyai-callback-chromium-${version}-${String(process.getuid?.() ?? 0)}`);
  if (!existsSync(folder)) await unpack(join(packed, 'bin'), folder);
  const owner = await stat(folder);
  if (owner.uid !== process.getuid?.()) throw new Error(`${folder} belongs to another user; remove it`);
  const env = ownEnv();
  env['LD_LIBRARY_PATH'] = [join(folder, 'al2023', 'lib'), env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter);
  env['FONTCONFIG_FILE'] = await writeFontsConf(folder);
  return { executablePath: join(folder, 'chromium'), args: [...commonArgs(), '--no-sandbox', '--no-zygote'], env };
}

/** Unpacks next to the final folder and renames, so that concurrent test runs never see a partial browser. */
async function unpack(packed: string, folder: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium');
  const partial = await mkdtemp(`${folder}-`);
  // The package unpacks into os.tmpdir(), which it reads once, at the start of each call.
  const previous = process.env['TMPDIR'];
  process.env['TMPDIR'] = partial;
  const files = ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'];
  const unpacked = files.map((file) => inflate(join(packed, file)));
  if (previous === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = previous;
  await Promise.all(unpacked);
  try {
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * The machine's own fonts and Open Sans, which comes with the browser, so that text is visible on a bare machine too: Latin,
 * Greek, Cyrillic and Hebrew. Arabic, Hindi, Chinese, Japanese and Korean are missing unless the machine has fonts for them
 * (Debian: fonts-dejavu-core, fonts-lohit-deva, fonts-droid-fallback, fonts-nanum).
 */
async function writeFontsConf(folder: string): Promise<string> {
  const cache = join(folder, 'font-cache');
  await mkdir(cache, { recursive: true });
  const dirs = ['/usr/share/fonts', '/usr/local/share/fonts', join(folder, 'fonts')];
  const file = join(folder, 'fonts.conf');
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
${dirs.map((dir) => `  <dir>${dir}</dir>`).join('\n')}
  <cachedir>${cache}</cachedir>
  <alias binding="same"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
  await writeFile(file, text);
  return file;
}
