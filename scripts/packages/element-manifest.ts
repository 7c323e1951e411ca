// The custom elements manifest: the element's public API, from the doc comments of its sources, without internals. Editor data and the
// types for frameworks are generated from it.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseSync, Visitor } from 'vite';
import { dist, root } from '../paths.js';
import { run } from './declarations.js';

/** A type or an entry of the manifest, as far as it is used here. */
export interface Entry {
  readonly name: string;
  readonly description?: string;
  readonly type?: { readonly text: string };
}

/** A field or a method. */
interface Member extends Entry {
  readonly kind: 'field' | 'method';
  readonly privacy?: string;
  readonly static?: boolean;
  readonly attribute?: string;
}

/** An attribute and the property it sets. */
interface Attribute extends Entry {
  readonly fieldName: string;
}

/** The element in the manifest. */
export interface ElementDeclaration extends Entry {
  readonly tagName: string;
  readonly summary: string;
  readonly description: string;
  readonly members: readonly Member[];
  readonly attributes: readonly Attribute[];
  readonly events: readonly Entry[];
  readonly slots: readonly Entry[];
  readonly cssParts: readonly Entry[];
  readonly cssProperties: readonly Entry[];
  readonly cssStates: readonly Entry[];
}

interface Manifest {
  readonly modules: readonly { readonly declarations?: readonly Partial<ElementDeclaration>[] }[];
}

const file = `${dist}custom-elements.json`;
const elementModule = 'dist/esm/widget/polyai-callback.js';
const definingModule = 'dist/esm/widget/define.js';

/** Writes dist/custom-elements.json. Its paths are relative to the package. */
export async function buildManifest(): Promise<void> {
  await mkdir(dist, { recursive: true });
  const analyzer = `${root}node_modules/@custom-elements-manifest/analyzer/cem.js`;
  const sources = ['define', 'polyai-callback', 'polyai-callback.properties'].map((name) => `src/widget/${name}.ts`);
  await run(process.execPath, [
    analyzer,
    'analyze',
    '--litelement',
    '--quiet',
    ...sources.flatMap((source) => ['--globs', source]),
    '--outdir',
    'dist',
  ]);
  const analyzed = JSON.parse(await readFile(file, 'utf8')) as Manifest & object;
  const declaration = { ...(await publicFace(found(analyzed))), superclass: { name: 'LitElement', package: 'lit' } };
  const reference = { name: declaration.name, module: elementModule };
  const manifest = {
    ...analyzed,
    modules: [
      {
        kind: 'javascript-module',
        path: elementModule,
        declarations: [declaration],
        exports: [{ kind: 'js', name: declaration.name, declaration: reference }],
      },
      {
        kind: 'javascript-module',
        path: definingModule,
        declarations: [],
        exports: [
          { kind: 'js', name: declaration.name, declaration: reference },
          { kind: 'custom-element-definition', name: declaration.tagName, declaration: reference },
        ],
      },
    ],
  };
  await writeFile(file, JSON.stringify(manifest));
}

/** Reads the element from dist/custom-elements.json. */
export const readElement = async (): Promise<ElementDeclaration> =>
  found(JSON.parse(await readFile(file, 'utf8')) as Manifest);

function found(manifest: Manifest): ElementDeclaration {
  const element = manifest.modules
    .flatMap(({ declarations = [] }) => declarations)
    .find(({ tagName }) => tagName === 'polyai-callback');
  if (element === undefined) throw new Error('the manifest does not know polyai-callback');
  return element as ElementDeclaration;
}

/** Drops private members and those that only the browser calls; gives attributes and events the types that a page sees. */
async function publicFace(element: ElementDeclaration): Promise<ElementDeclaration> {
  const details = await eventDetails();
  const isPublic = ({ name, privacy, static: isStatic }: Member): boolean =>
    !name.startsWith('#') && !name.endsWith('Callback') && isStatic !== true && (privacy ?? 'public') === 'public';
  return {
    ...element,
    members: element.members.filter(isPublic).map(withoutInheritance),
    attributes: element.attributes.map(({ name, description = '', type, fieldName }) => {
      const text = attributeType(type?.text ?? 'string');
      return { name, description, type: { text }, fieldName };
    }),
    events: element.events.map((event) => {
      const detail = details.get(event.name);
      if (detail === undefined) throw new Error(`internal/events.ts has no detail for ${event.name}`);
      return { ...event, type: { text: `CustomEvent<${detail}>` } };
    }),
  };
}

/** Drops where a property is declared, which is internal. */
function withoutInheritance<T extends Entry>(entry: T): T {
  const { inheritedFrom: _, ...own } = entry as T & { readonly inheritedFrom?: unknown };
  return own as unknown as T;
}

/** An attribute is text, whatever the type of its property. */
function attributeType(property: string): string {
  const type = property.replace(/ \| undefined$/, '');
  return /^(?:'[\w-]+'(?: \| )?)+$|^boolean$/.test(type) ? type : 'string';
}

/** The type of each event's detail, as src/widget/internal/events.ts declares it. */
async function eventDetails(): Promise<ReadonlyMap<string, string>> {
  const source = `${root}src/widget/internal/events.ts`;
  const code = await readFile(source, 'utf8');
  const details = new Map<string, string>();
  new Visitor({
    TSInterfaceDeclaration({ id, body }) {
      if (id.name !== 'PolyaiCallbackEventDetails') return;
      for (const member of body.body)
        if (member.type === 'TSPropertySignature' && member.key.type === 'Literal' && member.typeAnnotation)
          details.set(
            String(member.key.value),
            code.slice(member.typeAnnotation.typeAnnotation.start, member.typeAnnotation.typeAnnotation.end),
          );
    },
  }).visit(parseSync(source, code).program);
  return details;
}
