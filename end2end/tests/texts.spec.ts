import { test } from '../fixtures.ts';
import { expectStored, save, signIn } from '../steps.ts';

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
