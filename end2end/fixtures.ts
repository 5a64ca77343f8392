import { test as base, expect, type Page } from '@playwright/test';
import { AppServer } from './server.ts';
import { Tidy } from './tidy.ts';

interface Fixtures {
  /** Added to the server's environment. */
  variables: NodeJS.ProcessEnv;
  /** A server that only this test uses. */
  app: AppServer;
  /** Fails the test on any browser problem that it does not expect. */
  tidy: Tidy;
  /** Opens a page in a separate browser profile: another citizen, or the same one on another device. */
  anotherVisitor: () => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  variables: [{}, { option: true }],

  app: async ({ variables }, use, testInfo) => {
    const app = await AppServer.launch(variables);
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
      expect(tidy.problems(), 'unexpected problems in the browser').toEqual([]);
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
