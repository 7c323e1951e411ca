// The browser engines the widget tests can run in, each as a launcher for the test runner.
// Chromium is always available; Firefox and WebKitGTK where Debian's firefox-esr, webkit2gtk-driver, xvfb and xauth are installed.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import type { BrowserLauncher } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { webdriverLauncher } from '@web/test-runner-webdriver';
import { findBrowser } from './find-browser.js';

/** An engine by its own name. */
export type Engine = 'chromium' | 'firefox' | 'webkit';

/** Every engine; the one that requires no installation is first. */
export const engines: readonly Engine[] = ['chromium', 'firefox', 'webkit'];

/** What is missing for an engine to run here, or null when it can. */
export function missingFor(engine: Engine): string | null {
  if (engine === 'chromium') return null;
  if (engine === 'firefox') return onPath('firefox-esr', 'firefox') === null ? 'firefox-esr' : null;
  if (onPath('WebKitWebDriver') === null || miniBrowser() === null) return 'webkit2gtk-driver';
  return onPath('xvfb-run') === null || onPath('xauth') === null ? 'xvfb and xauth' : null;
}

/** The launcher for one engine. */
export async function launcherOf(engine: Engine): Promise<BrowserLauncher> {
  if (engine === 'webkit') return webkitLauncher();
  if (engine === 'firefox') return firefoxLauncher();
  const { executablePath, args, env } = await findBrowser();
  return chromeLauncher({ launchOptions: { executablePath, args: [...args], env: { ...env }, headless: true } });
}

function firefoxLauncher(): BrowserLauncher {
  const executablePath = onPath('firefox-esr', 'firefox');
  if (executablePath === null) throw new Error('Firefox is not installed');
  // The runner drives it through puppeteer, whose Firefox speaks WebDriver BiDi.
  const launcher = chromeLauncher({ launchOptions: { executablePath, browser: 'firefox', headless: true } });
  launcher.name = 'Firefox';
  return launcher;
}

async function webkitLauncher(): Promise<BrowserLauncher> {
  const binary = miniBrowser();
  const driver = onPath('WebKitWebDriver');
  if (binary === null || driver === null) throw new Error('WebKitGTK is not installed');
  const port = await freePort();
  const server = spawn('xvfb-run', ['--auto-servernum', driver, `--port=${String(port)}`], {
    stdio: 'ignore',
    // Its own process group: xvfb-run leaves its X server and the driver running when only xvfb-run is stopped.
    detached: true,
    // No accessibility bus, no compositor: neither exists in a container.
    env: { ...process.env, NO_AT_BRIDGE: '1', WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
  });
  process.on('exit', () => {
    if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGTERM');
  });
  await listening(port);
  const launcher = webdriverLauncher({
    hostname: '127.0.0.1',
    port,
    path: '/',
    logLevel: 'error',
    capabilities: {
      browserName: 'MiniBrowser',
      // The driver does not support WebDriver BiDi and refuses a session that requests it.
      'wdio:enforceWebDriverClassic': true,
      'webkitgtk:browserOptions': { binary, args: ['--automation'] },
    } as WebdriverIO.Capabilities,
  });
  const initialize = launcher.initialize.bind(launcher);
  launcher.initialize = async (config) => {
    await initialize(config);
    launcher.name = 'WebKit';
  };
  // webdriverio presses all keys of a text before it releases the first, so WebKit misses repeated characters and those that
  // require Shift.
  const sendKeys = launcher.sendKeys.bind(launcher);
  launcher.sendKeys = async (session, keys) => {
    for (const key of keys) await sendKeys(session, [key]);
  };
  // Its types do not support exactOptionalPropertyTypes.
  return launcher as BrowserLauncher;
}

function onPath(...names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path)) ?? null;
}

function miniBrowser(): string | null {
  const libraries = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  if (!existsSync(libraries)) return null;
  const folders = readdirSync(libraries).filter(
    (name) => name.startsWith('webkit2gtk-') || name.startsWith('webkitgtk-'),
  );
  return folders.map((folder) => join(libraries, folder, 'MiniBrowser')).find((path) => existsSync(path)) ?? null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Waits until something accepts connections on the port, for at most half a minute. */
async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('WebKitWebDriver did not start within half a minute');
}
