import { defineConfig } from '@playwright/test';
import journeys from './playwright.config.ts';

// Takes screenshots and checks nothing else. See scripts/screenshots.sh.
export default defineConfig({
  ...journeys,
  testDir: 'screenshots',
  reporter: 'list',
  projects: [360, 768, 1280].map((width) => ({ name: `${width}`, use: { viewport: { width, height: 800 } } })),
});
