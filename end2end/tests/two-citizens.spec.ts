import { expect, test } from '../fixtures.ts';
import { citizens, expectStored, messageBox, save, signIn, signOut } from '../steps.ts';

test('two citizens never see each other\'s message', async ({ page, anotherVisitor }) => {
  const bramsPage = await anotherVisitor();
  await signIn(page, citizens.an);
  await save(page, 'This is An');
  await signIn(bramsPage, citizens.bram);
  await expect(messageBox(bramsPage)).toHaveValue('');
  await save(bramsPage, 'This is Bram');

  await expectStored(page, 'This is An');
  await expectStored(bramsPage, 'This is Bram');
  await expect(page.getByRole('banner')).toContainText('Signed in as An ');
  await expect(bramsPage.getByRole('banner')).toContainText('Signed in as Bram ');
});

test('the next citizen at a shared browser does not see the previous message', async ({ page }) => {
  await signIn(page, citizens.an);
  await save(page, 'This is An');
  await signOut(page);
  await signIn(page, citizens.zoe);
  await expect(page.getByRole('banner')).toContainText('Signed in as Zo');
  await expect(messageBox(page)).toHaveValue('');
});

test('a citizen sees the saved message on a second device', async ({ page, anotherVisitor }) => {
  await signIn(page);
  await save(page, 'From the phone');
  const laptop = await anotherVisitor();
  await signIn(laptop);
  await expect(messageBox(laptop)).toHaveValue('From the phone');
});
