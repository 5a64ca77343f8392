import type { BrowserContext } from '@playwright/test';

/** The status of a request that the server never answered. */
export const NO_ANSWER = 0;

interface ExpectedFailure {
  path: string;
  status: number;
  happened: boolean;
}

/**
 * Collects the problems that a tidy page does not have: console errors and warnings, uncaught exceptions, dialogs, failed
 * requests, error responses, and requests to other machines. A test declares the failures that it expects.
 */
export class Tidy {
  readonly #problems: string[] = [];
  readonly #expected: ExpectedFailure[] = [];

  /** Expects one response to `path` (without its query) with this `status`. {@link NO_ANSWER} means no response. */
  expectFailure(path: string, status: number): void {
    this.#expected.push({ path, status, happened: false });
  }

  /** All problems, and every expected failure that did not happen: without it, the test did not test its rule. */
  problems(): string[] {
    const missing = this.#expected.filter(({ happened }) => !happened);
    return [...this.#problems, ...missing.map(({ path, status }) => `expected, but did not happen: ${status} for ${path}`)];
  }

  /** Watches all pages of a context, including those opened later. */
  watch(context: BrowserContext): void {
    context.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
        this.#problems.push(`request to another machine: ${request.url()}`);
      }
    });
    context.on('response', (response) => {
      if (response.status() >= 400) this.#failed(response.url(), response.status());
    });
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // The browser cancels what is still loading when a page is left.
      if (reason !== 'net::ERR_ABORTED') this.#failed(request.url(), NO_ANSWER, reason);
    });
    context.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      // Chromium repeats each error response here. The `response` handler has already dealt with it.
      if (message.text().startsWith('Failed to load resource') && this.#isExpected(message.location().url)) return;
      this.#problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.#problems.push(`uncaught: ${error.error()}`));
    context.on('dialog', (dialog) => {
      // A page may ask before the citizen leaves unsaved text. That is not a problem.
      if (dialog.type() === 'beforeunload') return void dialog.accept();
      this.#problems.push(`dialog: ${dialog.message()}`);
      return void dialog.dismiss();
    });
  }

  #failed(url: string, status: number, reason = ''): void {
    const { pathname } = new URL(url);
    const expected = this.#expected.find((each) => !each.happened && each.path === pathname && each.status === status);
    if (expected) expected.happened = true;
    else this.#problems.push(`${status || reason} for ${url}`);
  }

  #isExpected(url: string): boolean {
    return URL.canParse(url) && this.#expected.some(({ path }) => path === new URL(url).pathname);
  }
}
