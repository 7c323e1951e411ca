// What editors offer for the element: VS Code's own language services complete from the custom data, and web-types have the form
// that JetBrains IDEs read (checked by hand against their schema, which no package contains; here, the part of it that is used).
// Mutations that turn it red: leave out `values` of an attribute; name a part without `::part()`; write events into html.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import type * as Css from 'vscode-css-languageservice';
import type * as Html from 'vscode-html-languageservice';

// Node cannot tell what these CommonJS modules export.
const require = createRequire(import.meta.url);
const css = require('vscode-css-languageservice') as typeof Css;
const html = require('vscode-html-languageservice') as typeof Html;

const home = fileURLToPath(new URL('../../dist/packages/polyai-callback/', import.meta.url));
const read = (file: string): unknown => JSON.parse(readFileSync(`${home}dist/${file}`, 'utf8'));
interface Named {
  readonly name: string;
}
const [element] = (
  read('custom-elements.json') as {
    modules: { declarations: { attributes: Named[]; cssProperties: Named[]; cssParts: Named[]; events: Named[] }[] }[];
  }
).modules.flatMap(({ declarations }) => declarations);
const names = (entries: readonly Named[] = []): string[] => entries.map(({ name }) => name);
assert.ok(element, 'the manifest lacks the element');

/** The labels that the editor offers at `|`. */
function offered(language: 'html' | 'css', code: string): string[] {
  const at = code.indexOf('|');
  const document = html.TextDocument.create(`test://x.${language}`, language, 1, code.replace('|', ''));
  const position = document.positionAt(at);
  if (language === 'html') {
    const data = read('vscode.html-custom-data.json') as Html.HTMLDataV1;
    const service = html.getLanguageService({
      customDataProviders: [html.newHTMLDataProvider('polyai-callback', data)],
    });
    return service.doComplete(document, position, service.parseHTMLDocument(document)).items.map(({ label }) => label);
  }
  const data = read('vscode.css-custom-data.json') as Css.CSSDataV1;
  const service = css.getCSSLanguageService({ customDataProviders: [css.newCSSDataProvider(data)] });
  return service.doComplete(document, position, service.parseStylesheet(document)).items.map(({ label }) => label);
}

const missing = (wanted: readonly string[], from: readonly string[]): string[] =>
  wanted.filter((name) => !from.includes(name));

test('VS Code completes the tag, every attribute and the values of an attribute', () => {
  assert.ok(offered('html', '<pol|').includes('polyai-callback'), 'the tag');
  assert.deepEqual(missing(names(element.attributes), offered('html', '<polyai-callback |></polyai-callback>')), []);
  assert.deepEqual(
    missing(['inline', 'floating', 'modal'], offered('html', '<polyai-callback variant="|"></polyai-callback>')),
    [],
  );
});

test('VS Code completes every custom property and every part', () => {
  assert.deepEqual(missing(names(element.cssProperties), offered('css', 'polyai-callback { | }')), []);
  const parts = names(element.cssParts).map((name) => `::part(${name})`);
  assert.deepEqual(missing(parts, offered('css', 'polyai-callback::|')), []);
});

test('web-types have the documented form', () => {
  const text = { type: 'string' };
  const object = (properties: object, required = Object.keys(properties)): object => ({
    type: 'object',
    additionalProperties: false,
    required,
    properties,
  });
  const list = (properties: object, required?: string[]): object => ({
    type: 'array',
    minItems: 1,
    items: object(properties, required),
  });
  const described = { name: text, description: text };
  const check = new Ajv().compile(
    object({
      $schema: text,
      name: { const: 'polyai-callback' },
      version: text,
      'description-markup': { enum: ['html', 'markdown', 'none'] },
      'js-types-syntax': { const: 'typescript' },
      contributions: object({
        html: object({
          elements: list({
            ...described,
            attributes: list({ ...described, value: object({ type: text }) }),
            slots: list(described, ['name']),
            js: object({
              properties: list({ ...described, type: text }),
              events: list({ ...described, type: text }),
            }),
            css: object({ properties: list(described), parts: list(described) }),
          }),
        }),
      }),
    }),
  );
  assert.ok(check(read('web-types.json')), JSON.stringify(check.errors));
});
