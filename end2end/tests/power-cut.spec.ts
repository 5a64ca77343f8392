import { expect, test } from '../fixtures.ts';
import { expectStored, save, signIn, signOut } from '../steps.ts';

test('saved messages and sessions survive a server crash', async ({ page, app }) => {
  await signIn(page);
  await save(page, 'before the power cut');
  await app.kill();
  await app.start();
  await expectStored(page, 'before the power cut');
  await expect(page.getByRole('banner')).toContainText('Signed in as An Peeters');

  await save(page, 'after it');
  await signOut(page);
  await signIn(page);
  await expectStored(page, 'after it');
});
