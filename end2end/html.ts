import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { HtmlValidate } from 'html-validate';
import { ROOT } from './server.ts';

/** Where the tests leave the HTML of the pages, for the W3C checker (`scripts/test.sh`). */
const FOLDER = join(ROOT, 'target', 'test-pages');

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    // Leptos writes `<br/>` and `hidden=""`. Both are valid, and the rules below are about style only.
    'void-style': 'off',
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'no-trailing-whitespace': 'off',
    'no-inline-style': 'error',
    // The table of a folder is one of roles, so that it stays a table where each row takes two lines.
    'prefer-native-element': ['error', { exclude: ['table', 'row', 'rowgroup', 'columnheader', 'rowheader', 'cell'] }],
  },
});

/** Follows the HTML that the server sends to `page`, as it was sent. */
export class Source {
  #html = Promise.resolve('');

  constructor(page: Page) {
    page.on('response', (response) => {
      const isPage = (response.headers()['content-type'] ?? '').startsWith('text/html');
      const isRedirect = response.status() >= 300 && response.status() < 400;
      // The part of a page that extends a session is none.
      if (isPage && !isRedirect && new URL(response.url()).pathname !== '/session') this.#html = response.text();
    });
  }

  /** The faults that html-validate finds in the latest page. The page is kept as `name` for the W3C checker. */
  async faults(name: string): Promise<string[]> {
    const html = await this.#html;
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, `${name.replace(/\W+/g, '-')}.html`), html);
    const { results } = await validator.validateString(html);
    return results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${ruleId}: ${message} (line ${line})`));
  }
}
