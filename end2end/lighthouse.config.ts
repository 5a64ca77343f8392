import { defineConfig } from '@playwright/test';
import journeys from './playwright.config.ts';

// Runs Lighthouse on the main pages. See scripts/lighthouse.sh.
export default defineConfig({
  ...journeys,
  testDir: 'lighthouse',
  // Lighthouse measures time: nothing may run beside it.
  workers: 1,
  timeout: 120_000,
  reporter: 'list',
  projects: [{ name: 'phone' }],
});
