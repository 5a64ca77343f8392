import { defineConfig, type Project } from '@playwright/test';
import { findBrowser } from './browser.mjs';

const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 800 };

const projects: Project[] = [
  { name: 'phone, JavaScript', use: { viewport: phone } },
  // A journey that only makes sense with JavaScript says so in its name.
  { name: 'phone, no JavaScript', use: { viewport: phone, javaScriptEnabled: false }, grepInvert: /\(needs JavaScript\)/ },
  { name: 'desktop, JavaScript', use: { viewport: desktop } },
  // No browser: Cognito’s part is played by requests.
  { name: 'certified provider', testDir: 'provider' },
];

export default defineConfig({
  testDir: 'tests',
  // Every test has a server of its own, so all of them may run beside each other.
  fullyParallel: true,
  workers: 2,
  // A journey that works only sometimes does not work.
  retries: 0,
  forbidOnly: !!process.env.CI,
  // Debug builds on a shared machine take their time. Nothing here measures any.
  timeout: 60_000,
  expect: { timeout: 15_000, toPass: { timeout: 15_000 } },
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/Brussels',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: findBrowser() ?? 'no browser was found: set CHROMIUM to the path of one',
      args: [
        // A container has neither; and the browser itself is to ask nothing of the network.
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
