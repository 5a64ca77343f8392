import { test as base, expect, type Page } from '@playwright/test';
import { AppServer } from './server.ts';
import { Tidy } from './tidy.ts';

interface Fixtures {
  /** A server for this test alone. */
  app: AppServer;
  /** Fails the test for anything untidy that it did not announce. */
  tidy: Tidy;
  /** A page in a browser profile of its own: somebody else, or the same person elsewhere. */
  anotherVisitor: () => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  app: async ({}, use, testInfo) => {
    const app = await AppServer.launch();
    await use(app);
    await app.remove();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server log', { body: app.log(), contentType: 'text/plain' });
    }
    expect(app.log(), 'the server does not panic').not.toContain('panicked at');
  },

  baseURL: async ({ app }, use) => use(app.url),

  tidy: [
    async ({ context }, use) => {
      const tidy = new Tidy();
      tidy.watch(context);
      await use(tidy);
      expect(tidy.problems(), 'everything is tidy').toEqual([]);
    },
    { auto: true },
  ],

  anotherVisitor: async ({ browser, tidy }, use) => {
    const contexts: { close(): Promise<void> }[] = [];
    await use(async () => {
      const context = await browser.newContext();
      contexts.push(context);
      tidy.watch(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
});

export { expect };
export { NO_ANSWER } from './tidy.ts';
