// The element's types for framework templates, generated from the manifest: dist/frameworks/*.d.ts. Importing one has no effect at
// run time.

import { mkdir, writeFile } from 'node:fs/promises';
import { dist } from '../paths.js';
import type { ElementDeclaration } from './element-manifest.js';

/** The folder, relative to the package. */
const folder = 'frameworks/';
const note = '// Generated from the custom elements manifest.\n';

/** Writes dist/frameworks. */
export async function writeFrameworkTypes(element: ElementDeclaration): Promise<void> {
  await mkdir(dist + folder, { recursive: true });
  const files = { ...frameworks(element.tagName), props: props(element) };
  for (const [name, code] of Object.entries(files)) await writeFile(`${dist}${folder}${name}.d.ts`, note + code);
  await writeFile(`${dist}${folder}types-only.js`, 'export {};\n');
}

/** Attributes and properties with their documentation, and event handlers as each framework spells them. */
function props({ tagName, attributes, members }: ElementDeclaration): string {
  const fields = members.filter(({ kind }) => kind === 'field');
  const names = [...new Set([...attributes, ...fields].map(({ name }) => name))];
  const rows = names.map((name) => {
    const attribute = attributes.find((one) => one.name === name);
    const field = fields.find((one) => one.name === name);
    const types = [...new Set([attribute?.type?.text, field && `PolyaiCallbackProperties['${name}']`])];
    const doc = (attribute ?? field)?.description ?? '';
    return `  /** ${doc} */\n  readonly '${name}'?: ${types.filter((type) => type !== undefined).join(' | ')} | undefined;`;
  });
  return `
import type { PolyaiCallback } from '../esm/widget/polyai-callback.js';
import type { PolyaiCallbackEvents, PolyaiCallbackProperties } from '../esm/widget/types.js';

/** Attributes and properties of \`<${tagName}>\`, in addition to what every element has. */
export interface PolyaiCallbackProps {
${rows.join('\n')}
  /** A string of the element's text by its key. */
  readonly [text: \`data-text-\${string}\`]: string | undefined;
  /** A value for the voice agent. */
  readonly [meta: \`data-meta-\${string}\`]: string | undefined;
}

/** Handlers named \`onpolyai-callback-ended\` and so on. */
export type OnHandlers = {
  readonly [Name in keyof PolyaiCallbackEvents as \`on\${Name}\`]?:
    | ((event: PolyaiCallbackEvents[Name]) => void)
    | undefined;
};

/** Handlers named \`on:polyai-callback-ended\` and so on. */
export type OnColonHandlers = {
  readonly [Name in keyof PolyaiCallbackEvents as \`on:\${Name}\`]?:
    | ((event: PolyaiCallbackEvents[Name]) => void)
    | undefined;
};

export type { PolyaiCallback, PolyaiCallbackEvents, PolyaiCallbackProperties };
`;
}

/** One file per framework. */
const frameworks = (tag: string): Readonly<Record<string, string>> => ({
  react: `
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { OnHandlers, PolyaiCallback, PolyaiCallbackProps } from './props.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      '${tag}': DetailedHTMLProps<HTMLAttributes<PolyaiCallback>, PolyaiCallback> & PolyaiCallbackProps & OnHandlers;
    }
  }
}
`,
  preact: `
import type { HTMLAttributes } from 'preact';
import type { OnHandlers, PolyaiCallback, PolyaiCallbackProps } from './props.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      '${tag}': HTMLAttributes<PolyaiCallback> & PolyaiCallbackProps & OnHandlers;
    }
  }
}
`,
  solid: `
import type { JSX as Solid } from 'solid-js';
import type { OnColonHandlers, PolyaiCallback, PolyaiCallbackProperties, PolyaiCallbackProps } from './props.js';

type Prefixed = {
  readonly [Name in keyof PolyaiCallbackProperties as \`prop:\${Name}\`]?: PolyaiCallbackProperties[Name] | undefined;
};

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      '${tag}': Solid.HTMLAttributes<PolyaiCallback> & PolyaiCallbackProps & Prefixed & OnColonHandlers;
    }
  }
}
`,
  vue: `
import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type { PolyaiCallback, PolyaiCallbackEvents, PolyaiCallbackProps } from './props.js';

type Handlers = {
  readonly [Name in keyof PolyaiCallbackEvents]: (event: PolyaiCallbackEvents[Name]) => void;
};

declare module 'vue' {
  interface GlobalComponents {
    '${tag}': new () => PolyaiCallback & {
      $props: PolyaiCallbackProps & Omit<HTMLAttributes, keyof PolyaiCallbackProps> & PublicProps;
      $emit: EmitFn<Handlers>;
      $slots: Record<string, never>;
    };
  }
}
`,
  svelte: `
import type { HTMLAttributes } from 'svelte/elements';
import type { OnColonHandlers, OnHandlers, PolyaiCallback, PolyaiCallbackProps } from './props.js';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    '${tag}': HTMLAttributes<PolyaiCallback> & PolyaiCallbackProps & OnHandlers & OnColonHandlers;
  }
}
`,
  global: `
// For tools that look for a global JSX namespace.

import type { OnColonHandlers, OnHandlers, PolyaiCallbackProps } from './props.js';

/** For a framework not listed here: let its \`JSX.IntrinsicElements\` extend this. */
export interface PolyaiCallbackElements {
  '${tag}': PolyaiCallbackProps &
    OnHandlers &
    OnColonHandlers & {
      readonly children?: unknown;
      readonly class?: string | undefined;
      readonly id?: string | undefined;
      readonly lang?: string | undefined;
      readonly ref?: unknown;
      readonly slot?: string | undefined;
    };
}

declare global {
  namespace JSX {
    interface IntrinsicElements extends PolyaiCallbackElements {}
  }
}

export type { PolyaiCallbackProps };
`,
});
