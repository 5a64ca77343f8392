import type { BrowserContext } from '@playwright/test';

/** The status of a request that the server never answered. */
export const NO_ANSWER = 0;

interface Announcement {
  path: string;
  status: number;
  happened: boolean;
}

/**
 * Collects everything that a tidy page does without: console errors and warnings, uncaught exceptions, dialogs, failed
 * requests, error responses, and requests that leave this machine. A test that means to see one of them announces it.
 */
export class Tidy {
  readonly #problems: string[] = [];
  readonly #announced: Announcement[] = [];

  /** One response to `path` (without its query) will have this `status`, or be missing: {@link NO_ANSWER}. */
  expectFailure(path: string, status: number): void {
    this.#announced.push({ path, status, happened: false });
  }

  /** What was not tidy; also what was announced and never came, because then the test does not test what it says. */
  problems(): string[] {
    const missing = this.#announced.filter(({ happened }) => !happened);
    return [...this.#problems, ...missing.map(({ path, status }) => `announced, but never happened: ${status} for ${path}`)];
  }

  /** Watches all pages of a context, those that are opened later as well. */
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
      // The browser's own doing: the page was left while something was still loading.
      if (reason !== 'net::ERR_ABORTED') this.#failed(request.url(), NO_ANSWER, reason);
    });
    context.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      // Chromium repeats each error response here; it was judged as a response already.
      if (message.text().startsWith('Failed to load resource') && this.#isAnnounced(message.location().url)) return;
      this.#problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.#problems.push(`uncaught: ${error.error()}`));
    context.on('dialog', (dialog) => {
      // Asking before a page with unsaved text is left would be a choice of the page, not a fault.
      if (dialog.type() === 'beforeunload') return void dialog.accept();
      this.#problems.push(`dialog: ${dialog.message()}`);
      return void dialog.dismiss();
    });
  }

  #failed(url: string, status: number, reason = ''): void {
    const { pathname } = new URL(url);
    const announced = this.#announced.find((each) => !each.happened && each.path === pathname && each.status === status);
    if (announced) announced.happened = true;
    else this.#problems.push(`${status || reason} for ${url}`);
  }

  #isAnnounced(url: string): boolean {
    return URL.canParse(url) && this.#announced.some(({ path }) => path === new URL(url).pathname);
  }
}
