// Data about the element for editors: web-types (JetBrains) and HTML and CSS custom data (VS Code), generated from the manifest.

import { readFile, writeFile } from 'node:fs/promises';
import { dist, root } from '../paths.js';
import type { ElementDeclaration, Entry } from './element-manifest.js';

/** Writes dist/web-types.json, dist/vscode.html-custom-data.json and dist/vscode.css-custom-data.json. */
export async function writeEditorData(element: ElementDeclaration): Promise<void> {
  const { version } = JSON.parse(await readFile(`${root}package.json`, 'utf8')) as { version: string };
  const files = {
    'web-types.json': webTypes(element, version),
    'vscode.html-custom-data.json': htmlData(element),
    'vscode.css-custom-data.json': cssData(element),
  };
  for (const [name, data] of Object.entries(files)) await writeFile(dist + name, JSON.stringify(data));
}

const described = ({ name, description = '' }: Entry): { name: string; description: string } => ({ name, description });

/** https://github.com/JetBrains/web-types/blob/master/schema/web-types.json */
function webTypes(element: ElementDeclaration, version: string): object {
  const typed = (entry: Entry): object => ({
    ...described(entry),
    type: entry.type?.text,
  });
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name: 'polyai-callback',
    version,
    'description-markup': 'markdown',
    'js-types-syntax': 'typescript',
    contributions: {
      html: {
        elements: [
          {
            name: element.tagName,
            description: element.description,
            attributes: element.attributes.map((attribute) => {
              const { name, description } = described(attribute);
              return { name, description, value: { type: attribute.type?.text ?? 'string' } };
            }),
            slots: element.slots.map(described),
            js: {
              properties: element.members.filter(({ kind }) => kind === 'field').map(typed),
              events: element.events.map(typed),
            },
            css: {
              properties: element.cssProperties.map(described),
              parts: element.cssParts.map(described),
            },
          },
        ],
      },
    },
  };
}

/** https://code.visualstudio.com/api/extension-guides/custom-data-extension */
function htmlData(element: ElementDeclaration): object {
  return {
    version: 1.1,
    tags: [
      {
        name: element.tagName,
        description: { kind: 'markdown', value: element.description },
        attributes: element.attributes.map((attribute) => {
          const values = literalsOf(attribute.type?.text ?? '');
          const { name, description } = described(attribute);
          return {
            name,
            description: { kind: 'markdown', value: description },
            ...(attribute.type?.text === 'boolean' && { valueSet: 'v' }),
            ...(values.length > 0 && { values: values.map((value) => ({ name: value })) }),
          };
        }),
      },
    ],
  };
}

function cssData(element: ElementDeclaration): object {
  return {
    version: 1.1,
    properties: element.cssProperties.map(described),
    pseudoElements: element.cssParts.map((part) => ({ ...described(part), name: `::part(${part.name})` })),
  };
}

/** `'a' | 'b'` → a, b. */
const literalsOf = (type: string): readonly string[] => [...type.matchAll(/'([^']+)'/g)].map(([, value = '']) => value);
