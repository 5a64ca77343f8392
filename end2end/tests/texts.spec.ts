import { expect, test } from '../fixtures.ts';
import { alert, expectSaved, expectStored, messageBox, pressSave, save, signIn, write } from '../steps.ts';

const texts = {
  'several lines': 'one\ntwo\n\n  four, indented\n',
  'a leading line feed': '\nsecond line',
  'HTML': '</textarea><script>alert(1)</script><img src=x onerror=alert(2)> &amp; &lt;',
  'emoji': '👩‍👩‍👧 🇧🇪 e\u0301',
  'right to left': 'مرحبا بالعالم – שלום',
  'form encoding': 'a=1&b=2+3 %41 "quoted" \'single\'',
};

test('a message is stored exactly as typed', async ({ page }) => {
  await signIn(page);
  for (const [kind, text] of Object.entries(texts)) {
    await test.step(kind, async () => {
      await save(page, text);
      await expectStored(page, text);
    });
  }
});

test('leading line ends stay after each save', async ({ page }) => {
  await signIn(page);
  const text = '\n\nthird line';
  await save(page, text);
  // The page is the answer to the save. With JavaScript, it replaced the page without a reload.
  await expect(messageBox(page)).toHaveValue(text);
  await pressSave(page);
  await expectSaved(page);
  await expect(messageBox(page)).toHaveValue(text);
  await expectStored(page, text);
});

test('a message with a character that cannot be saved stays in the box', async ({ page, tidy }) => {
  await signIn(page);
  await write(page, '\na\0b');
  tidy.expectFailure('/api/save_message', 422);
  await pressSave(page);
  await expect(alert(page)).toContainText('Your message has characters that we cannot save');
  await expect(messageBox(page)).toHaveValue('\na\ufffdb');

  await save(page, '\nab');
  await expectStored(page, '\nab');
});

test.describe('a service whose name has an ampersand', () => {
  test.use({ variables: { MYDATA_SERVICE__NAME: 'Bread & Butter' } });

  test('has that name in the title before and after a save', async ({ page }) => {
    await signIn(page);
    await expect(page).toHaveTitle('Your message – Bread & Butter');
    await save(page, 'x');
    await expect(page).toHaveTitle('Your message is saved – Bread & Butter');
  });
});
