import { defineConfig, type Project } from '@playwright/test';
import { findBrowser } from './browser.mjs';

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 800 };

const projects: Project[] = [
  { name: 'phone, JavaScript', use: { viewport: phone } },
  // A journey that makes sense only with JavaScript says so in its name.
  { name: 'phone, no JavaScript', use: { viewport: phone, javaScriptEnabled: false }, grepInvert: /\(needs JavaScript\)/ },
  // Only the journeys where width matters: layout, focus and navigation.
  { name: 'desktop, JavaScript', use: { viewport: desktop }, testMatch: /\/(conflict|first-visit|keyboard|visitor)\.spec\.ts$/ },
  // No browser: these tests send the requests that Cognito would send.
  { name: 'certified provider', testDir: 'provider' },
];

export default defineConfig({
  testDir: 'tests',
  snapshotPathTemplate: '{testDir}/aria/{arg}{ext}',
  // Each test has its own server, so tests can run side by side.
  fullyParallel: true,
  workers: 2,
  // A flaky journey counts as failed.
  retries: 0,
  forbidOnly: !!process.env.CI,
  // Debug builds on a shared machine are slow, and no test here measures time.
  timeout: 60_000,
  expect: { timeout: 15_000, toPass: { timeout: 15_000 } },
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Brussels',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findBrowser() ?? 'no browser found: set CHROMIUM to the path of one',
      args: [
        // Containers have no sandbox and no GPU. The other options stop the browser's own network requests.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects,
});
