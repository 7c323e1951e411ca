// Third-party notices. Vite lists what each bundle contains (`build.license`); this collects the lists and writes them as text.

import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { Rolldown } from 'vite';
import { licensesFile } from '../../vite.config.js';
import { dist, root } from '../paths.js';

/** One package in a bundle, as Vite lists it. */
export interface License {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly identifier?: string;
  readonly text?: string | undefined;
}

/** The bundles, by who receives them: browsers or servers. */
export type Bundle = 'script' | 'demo' | 'owner' | 'proxy';

const lists = `${root}.cache/licenses/`;

/** The first line of every served script. Minifiers keep a comment that starts like this; the file is next to the script. */
export const licenseComment = '/*! See licenses.txt */';

/** Notices for data in the sources that is derived from third-party data. */
const dataNotices = ['NOTICE.md', 'LICENSE.Apache-2.0'].map((name) => `${root}src/proxy/hours/tables/${name}`);

/** Packages that declare the MIT License without shipping its text, with the copyright holder from their manifest. */
const withoutText: Readonly<Record<string, string>> = { standardwebhooks: 'Copyright (c) Standard Webhooks' };

/** Reads and removes the list in a build's output folder. */
export async function takeLicenses(folder: string): Promise<readonly License[]> {
  const file = `${folder}/${licensesFile}`;
  const licenses = JSON.parse(await readFile(file, 'utf8')) as readonly License[];
  await rm(file);
  return licenses;
}

/** The list among the files of an in-memory build. */
export function licensesIn(output: readonly (Rolldown.OutputAsset | Rolldown.OutputChunk)[]): readonly License[] {
  const list = output.find(({ fileName }) => fileName === licensesFile);
  if (list?.type !== 'asset') throw new Error('the build has no list of licenses');
  return JSON.parse(Buffer.from(list.source).toString('utf8')) as readonly License[];
}

/** Keeps the licenses of a bundle until the notices are written. */
export async function keepLicenses(bundle: Bundle, licenses: readonly License[]): Promise<void> {
  await mkdir(lists, { recursive: true });
  await writeFile(`${lists}${bundle}.json`, JSON.stringify(licenses));
}

/** The licenses of the given bundles, or of all bundles built so far. */
export async function licensesOf(...bundles: readonly Bundle[]): Promise<readonly License[]> {
  const mit = await readFile(`${root}LICENSE`, 'utf8');
  const names = bundles.length > 0 ? bundles : (await readdir(lists)).map((name) => name.replace('.json', ''));
  const all = new Map<string, License>();
  for (const name of names)
    for (const license of JSON.parse(await readFile(`${lists}${name}.json`, 'utf8')) as readonly License[])
      all.set(`${license.name}@${license.version}`, { ...license, text: license.text ?? ownText(license) });
  if (names.includes('proxy'))
    all.set('data', {
      name: 'Data',
      version: 'for calling hours',
      identifier: 'see below',
      text: (await Promise.all(dataNotices.map((file) => readFile(file, 'utf8')))).join('\n'),
    });
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, license]) => license);

  function ownText({ name, identifier }: License): string | undefined {
    const copyright = identifier === 'MIT' ? withoutText[name] : undefined;
    return copyright && mit.replace(/^Copyright .*$/m, copyright).trim();
  }
}

/** Writes dist/licenses.txt, which the proxy serves. */
export const writeNotices = async (): Promise<void> =>
  writeFile(`${dist}licenses.txt`, noticesOf(await licensesOf(), 'polyai-callback contains'));

/** The notices as text. Throws for a package without a license text: it must not be shipped before somebody has checked it. */
export function noticesOf(licenses: readonly License[], contains: string): string {
  const missing = licenses.filter(({ text }) => text === undefined).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`no license text in ${missing.join(', ')}`);
  const rule = '-'.repeat(80);
  const notices = licenses.map(
    ({ name, version, identifier = 'see below', text = '' }) =>
      `${rule}\n\n${name} ${version} (${identifier})\n\n${text}\n`,
  );
  return `polyai-callback is licensed under the MIT License (see LICENSE).\n\n${contains} the following third-party software and data:\n\n${notices.join('\n')}`;
}
