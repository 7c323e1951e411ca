// Reads STRINGS_FILE: the operator's own text for the element. The valid keys are in element-text-keys.ts.

import { elementTextKeys } from '../element-text-keys.js';
import { nearest } from '../nearest.js';
import { accept, fileText, type Parse, type Parsed, reject, type Rejection } from '../parse.js';

/** An object of strings by key. */
export const parseStringsFile: Parse<Readonly<Record<string, string>>> = (path, readFile) => {
  const text = fileText(path, readFile);
  return text.ok ? readStrings(path, text.value) : text;
};

function readStrings(path: string, text: string): Parsed<Readonly<Record<string, string>>> {
  const file = JSON.stringify(path);
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return reject({ seen: `${file}, which is not JSON${placeOf(error, text)}` });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return reject({ seen: `${file}, which does not contain an object` });
  const rejections = Object.entries(value).flatMap(([key, sentence]): Rejection[] => {
    if (!elementTextKeys.includes(key))
      return [
        {
          seen: `${file} with the unknown key ${JSON.stringify(key)}`,
          didYouMean: nearest(key, elementTextKeys, Math.min(3, Math.floor(key.length / 3))),
        },
      ];
    return typeof sentence === 'string' ? [] : [{ seen: `${file}, where ${JSON.stringify(key)} is not a string` }];
  });
  return rejections.length > 0 ? { ok: false, rejections } : accept(value as Record<string, string>);
}

/** The line of the error, where the engine reports its position. */
function placeOf(error: unknown, text: string): string {
  const position = error instanceof SyntaxError ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  if (position === undefined) return '';
  return ` (line ${String(text.slice(0, Number(position)).split('\n').length)})`;
}
