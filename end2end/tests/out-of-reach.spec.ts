import { deleteRecordsTable } from '../dynamodb.ts';
import { expect, NO_ANSWER, test } from '../fixtures.ts';
import { alert, expectSaved, expectStored, messageBox, pressSave, saveButton, signIn, status, write } from '../steps.ts';
import { say } from '../words.ts';

test('the typed text stays when the server does not answer a save (needs JavaScript)', async ({ page, app, tidy }) => {
  await signIn(page);
  await write(page, 'typed while it went away');
  await app.kill();
  tidy.expectFailure('/api/save_message', NO_ANSWER);
  await saveButton(page).click();
  await expect(status(page)).toHaveText(say('en', 'my-data-unreachable'));
  await expect(status(page)).toHaveClass(/\bfailed\b/);
  await expect(messageBox(page)).toHaveValue('typed while it went away');

  await messageBox(page).press('End');
  await messageBox(page).pressSequentially(', and on');
  await app.start();
  await pressSave(page);
  await expectSaved(page);
  await expect(status(page)).not.toHaveClass(/\bfailed\b/);
  await expectStored(page, 'typed while it went away, and on');
});

test('the typed text stays when the database fails during a save', async ({ page, app, tidy }) => {
  await signIn(page);
  await write(page, 'typed while it was gone');
  const restoreTable = await deleteRecordsTable(app);
  tidy.expectFailure('/api/save_message', 503);
  await pressSave(page);
  await expect(alert(page).getByRole('heading', { name: 'Your message was not saved' })).toBeVisible();
  await expect(messageBox(page)).toHaveValue('typed while it was gone');

  await restoreTable();
  await pressSave(page);
  await expectSaved(page);
  await expectStored(page, 'typed while it was gone');
});
