// Files named in the documentation and in comments exist, and links lead somewhere. Mutations that turn it red: rename a file that a
// comment names; rename a heading that a link names.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const folders = ['demo', 'docs', 'scripts', 'src', 'test'];

/** Every file of the project, and every folder with a trailing slash, relative to the root. */
const paths: readonly string[] = [
  ...readdirSync(root),
  ...folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).map((entry) => {
      const path = posix.join(entry.parentPath.slice(root.length), entry.name);
      return entry.isDirectory() ? `${path}/` : path;
    }),
  ),
  ...folders.map((folder) => `${folder}/`),
];

/** Where a name may be that is not a file of the sources. */
const elsewhere =
  /^(?:dist\/|(?:\.\/)?node_modules\/|https?:|polyai-callback\/|\.)|^web-types\.json$|^(?:Node|x|name(?:\.0123456789ab)?)\.js$|\/x\.(?:js|test\.ts)$|^Response\.json$/;

const named = /(?<![\w.@/:<-])((?:[\w.@-]+\/)*[\w.-]+\.(?:ts|js|css|html|json|cjs|mjs|md))\b/g;
const namedFolder = /`((?:src|test|scripts|demo|docs)\/(?:[\w-]+\/)*)`/g;

const comments = (text: string): string =>
  [...text.matchAll(/^\s*(?:\/\/|\/?\*).*$|\s\/\/ .*$/gm)].map(([comment]) => comment).join('\n');

function missingIn(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  // A block of code may begin with its path in somebody's application.
  const prose = file.endsWith('.md') ? text.replaceAll(/^```\w+ \S+$/gm, '```') : comments(text);
  const exists = (name: string): boolean => {
    // An import in a comment names the compiled file.
    const source = name.replace(/\.js$/, '.ts').replace(/^(?:\.{1,2}\/)+/, '');
    return (
      elsewhere.test(name) ||
      paths.some((path) => [name, source].some((each) => path === each || path.endsWith(`/${each}`))) ||
      paths.includes(posix.join(posix.dirname(file), name))
    );
  };
  const files = [...prose.matchAll(named)].map(([, name = '']) => name).filter((name) => !exists(name));
  const missingFolders = [...prose.matchAll(namedFolder)]
    .map(([, name = '']) => name)
    .filter((name) => !paths.includes(name));
  return [...files, ...missingFolders].map((name) => `${file}: ${name}`);
}

test('every file and folder that the documentation names exists', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', ...paths.filter((path) => /^docs\/.*\.md$/.test(path))];
  assert.deepEqual(documents.flatMap(missingIn), []);
});

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  );

test('every link in the documentation leads to a file and a heading that exist', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', ...paths.filter((path) => /^docs\/.*\.md$/.test(path))];
  const broken = documents.flatMap((file) => {
    const prose = readFileSync(join(root, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    return [...prose.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(
      ([link, path = '', anchor]) => {
        const target = path === '' ? file : posix.join(posix.dirname(file), path);
        const isThere = paths.includes(target) || paths.includes(`${target.replace(/\/$/, '')}/`);
        if (!isThere) return [`${file}: ${link}`];
        if (anchor === undefined || !target.endsWith('.md')) return [];
        return anchorsOf(readFileSync(join(root, target), 'utf8')).includes(anchor) ? [] : [`${file}: ${link}`];
      },
    );
  });
  assert.deepEqual(broken, []);
});

test('every file that a comment names exists', () => {
  const sources = paths.filter((path) => /\.(?:ts|js)$/.test(path) && !path.includes('/tables/'));
  assert.deepEqual(sources.flatMap(missingIn), []);
});
