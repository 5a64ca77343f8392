import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse, { type Flags } from 'lighthouse';
import { findBrowser } from '../browser.mjs';
import { expect, test } from '../fixtures.ts';
import { freePort } from '../server.ts';
import { signIn } from '../steps.ts';

const CATEGORIES = ['accessibility', 'best-practices', 'performance'];
const PAGES = ['/', '/my-data', '/profile', '/accessibility', '/cookies'];

test('every page scores 100 in accessibility, best practices and performance', async ({ app, launchOptions }) => {
  const folder = mkdtempSync(join(tmpdir(), 'my-data-lighthouse-'));
  const port = await freePort();
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: findBrowser() ?? '',
    args: [...(launchOptions.args ?? []), `--remote-debugging-port=${port}`],
    locale: 'en-GB',
    baseURL: app.url,
  });
  const flags: Flags = { port, disableStorageReset: true, onlyCategories: CATEGORIES, logLevel: 'error' };
  const scores: Record<string, Record<string, number>> = {};
  const reasons: string[] = [];
  const measure = async (name: string, path: string) => {
    const report = (await lighthouse(app.url + path, flags))?.lhr;
    if (!report) throw new Error(`Lighthouse gave no report on ${name}`);
    scores[name] = Object.fromEntries(CATEGORIES.map((id) => [id, Math.round((report.categories[id]?.score ?? 0) * 100)]));
    for (const id of CATEGORIES) {
      for (const { id: audit, weight } of report.categories[id]?.auditRefs ?? []) {
        const { score, title, displayValue } = report.audits[audit] ?? {};
        if (weight > 0 && score !== null && score !== undefined && score < 1) reasons.push(`${name}: ${title} ${displayValue ?? ''} (${score})`);
      }
    }
  };
  try {
    await measure('/ before sign-in', '/');
    await signIn(context.pages()[0] ?? (await context.newPage()));
    for (const path of PAGES) await measure(path, path);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
  console.table(scores);
  const full = Object.fromEntries(CATEGORIES.map((id) => [id, 100]));
  expect(scores, reasons.join('\n')).toEqual(Object.fromEntries(Object.keys(scores).map((name) => [name, full])));
});
