import { defineConfig, type Project } from '@playwright/test';
import { findBrowser } from './browser.mjs';

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 800 };

const projects: Project[] = [
  { name: 'phone, JavaScript', use: { viewport: phone } },
  // A journey that makes sense only with JavaScript says so in its name.
  { name: 'phone, no JavaScript', use: { viewport: phone, javaScriptEnabled: false }, grepInvert: /\(needs JavaScript\)/ },
  // What a wide screen can change: layout, focus and the ways through the pages. The rest does not depend on the width.
  { name: 'desktop, JavaScript', use: { viewport: desktop }, testMatch: /\/(accessibility|conflict|first-visit|keyboard|visitor)\.spec\.ts$/ },
  // Without a browser: these tests send the requests that Cognito would send.
  { name: 'certified provider', testDir: 'provider' },
];

export default defineConfig({
  testDir: 'tests',
  // Each test has its own server, so tests can run side by side.
  fullyParallel: true,
  workers: 2,
  // A journey that passes only sometimes has failed.
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
        // Containers have no sandbox and no GPU. The other options keep the browser itself off the network.
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
