// The sentences of the pages, read from the files that the server reads. Tests look for elements by these words. That the words
// themselves are right is the business of the tests of the texts, of the spelling check and of people.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './server.ts';

export const languages = ['en', 'nl', 'fr', 'de'] as const;
export type Language = (typeof languages)[number];
type Values = Record<string, string>;

const sentences = Object.fromEntries(languages.map((language) => [language, read(language)])) as Record<Language, Map<string, string>>;

function read(language: Language): Map<string, string> {
  const text = readFileSync(join(ROOT, 'app', 'locales', `${language}.ftl`), 'utf8');
  const lines = text.split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(lines.map((line) => /^(\S+) = ?(.*)$/.exec(line)!.slice(1) as [string, string]));
}

/** A sentence of one line in one language. Its spaces are plain: Playwright reads every space as one. */
export function say(language: Language, key: string, values: Values = {}): string {
  const sentence = sentences[language].get(key);
  if (sentence === undefined) throw new Error(`${language}.ftl has no ${key}`);
  return sentence.replace(/\{ \$([a-z-]+) \}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${key} needs ${name}`);
    return value;
  });
}

/** The sentence in whichever language the page has. `isWhole`: nothing stands before or after it. */
export function inAny(key: string, values: Values = {}, isWhole = true): RegExp {
  const escaped = languages.map((language) => say(language, key, values).replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(isWhole ? `^(${escaped.join('|')})$` : escaped.join('|'));
}
