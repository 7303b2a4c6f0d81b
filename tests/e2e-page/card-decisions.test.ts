// Decisions on the card, in a real browser: what they do to the page at once, what is said, and the way back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NUMBER, openOne, pageWith, SETTINGS, SITE, wishesOf } from './card-page.ts';
import { type Bench, openBench, type Subject } from './harness.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => await bench.close());

const open = (body?: string): Promise<Subject> => openOne(bench, body);

test('not a number here: the mark goes at once, and comes back by Undo', async () => {
  const subject = await open();
  await subject.openCard(NUMBER);
  await subject.press('not-number');
  await subject.waitForMarks([]);
  await subject.waitForCardText('Not marked any more on crm.example.');
  await subject.press('undo');
  await subject.waitForMarks([NUMBER]);
  expect(await wishesOf(subject)).toEqual([
    { wish: { name: 'not-number', text: NUMBER, isOn: true } },
    { wish: { name: 'not-number', text: NUMBER, isOn: false } },
  ]);
  await subject.waitForNoChip();
});

test('always in this column: what stands there on weak evidence is a number from now on', async () => {
  const subject = await bench.open(
    pageWith(`<table><thead><tr><th>Name</th><th>SKU</th></tr></thead><tbody>
        <tr><td>Anna</td><td>+1 415-555-0132</td></tr><tr><td>Ben</td><td>415-555-0133</td></tr></tbody></table>`),
    { settings: { ...SETTINGS, country: 'US' } },
  );
  await subject.waitForMarks(['+1 415-555-0132']);
  await subject.openCard('+1 415-555-0132');
  await subject.waitForCardText('Always in “SKU”');
  await subject.press('always-column');
  await subject.waitForMarks(['+1 415-555-0132', '415-555-0133']);
  await subject.waitForCardText('“SKU” always holds numbers on crm.example.');
  await subject.press('undo');
  await subject.waitForMarks(['+1 415-555-0132']);
});

test('another country: the same digits are read anew on the card, and back by Undo', async () => {
  const subject = await open();
  await subject.openCard(NUMBER);
  await subject.waitForCardText('Germany your country');
  await choose(subject, 'Netherlands');
  await subject.waitForCardText('+31 3023125042');
  await subject.waitForCardText('Netherlands set for this site');
  await subject.waitForCardText('crm.example is read as Netherlands.');
  await subject.press('undo');
  await subject.waitForNoChip();
  await subject.waitForMarks([NUMBER]);
  await subject.openCard(NUMBER);
  await subject.waitForCardText('Germany your country');
});

test('what is called after another country was chosen is what the card shows then', async () => {
  const subject = await open();
  await subject.openCard(NUMBER);
  await choose(subject, 'Netherlands');
  await subject.waitForCardText('+31 3023125042');
  await subject.press('call');
  expect(await subject.waitForDials(1)).toMatchObject([{ number: { number: '+313023125042' } }]);
});

test('what is called while the page is still read anew: nothing comes in front of what becomes of the call', async () => {
  const subject = await open();
  await subject.page.evaluate(() => {
    const before = { name: 'country' } as const;
    window.offhookTest.wish = () => Promise.resolve({ type: 'done', before });
    window.offhookTest.answer = () => new Promise(() => undefined);
  });
  await subject.openCard(NUMBER);
  await choose(subject, 'Netherlands');
  await subject.press('call');
  await subject.waitForDials(1);
  const since = await subject.page.evaluate(() => performance.now());
  await subject.page.waitForFunction((at) => performance.now() > at, {}, since + 2_500);
  expect(await subject.chipText()).toContain('Calling');
});

test('another country for what stands in a field: it is read anew before the card says so', async () => {
  const subject = await bench.open(pageWith(`<label>Tel. <input id="it" value="${NUMBER}"></label><p>${NUMBER}</p>`), {
    settings: SETTINGS,
  });
  await subject.waitForMarks([NUMBER]);
  await subject.page.hover('#it');
  await subject.seenChip();
  await subject.press('open');
  await subject.waitForCardText('Germany your country');
  await choose(subject, 'Netherlands');
  await subject.waitForCardText('crm.example is read as Netherlands.');
  expect(await subject.cardText()).toContain('+31 3023125042');
  await subject.press('call');
  expect(await subject.waitForDials(1)).toMatchObject([{ number: { number: '+313023125042' } }]);
});

test('another country for what is selected: the number of before is not shown as one of that country', async () => {
  const subject = await bench.open(pageWith(`<p id="it">${NUMBER}</p>`), { settings: SETTINGS });
  await subject.waitForMarks([NUMBER]);
  await subject.page.evaluate(() => {
    const it = document.getElementById('it');
    if (it) getSelection()?.selectAllChildren(it);
  });
  for (let times = 0; times < 2; times += 1) await subject.ask('dial-selection');
  await subject.waitForCardText('Germany your country');
  await choose(subject, 'Netherlands');
  await subject.waitForCardText('crm.example is read as Netherlands.');
  expect(await subject.cardText()).not.toContain('+49');
});

test('another country than the record names goes before it', async () => {
  const subject = await bench.open(
    pageWith(`<dl><dt>Country</dt><dd>Switzerland</dd><dt>Phone</dt><dd>044 668 18 00</dd></dl>`),
    { settings: { ...SETTINGS, countryLabels: ['country'] } },
  );
  await subject.waitForMarks(['044 668 18 00']);
  await subject.openCard('044 668 18 00');
  await subject.waitForCardText('+41 446681800 Switzerland as the record says');
  await choose(subject, 'Belgium');
  await subject.waitForCardText('Belgium set for this site');
  expect(await wishesOf(subject)).toEqual([{ wish: { name: 'country', country: 'BE', ignoresRecordCountry: true } }]);
  await subject.press('undo');
  await subject.waitForNoChip();
  expect(await wishesOf(subject)).toHaveLength(2);
});

test('a country in which it is no number: said, with the way back', async () => {
  const subject = await open();
  await subject.openCard(NUMBER);
  await choose(subject, 'Denmark');
  await subject.waitForCardText('In Denmark this is no number.');
  await subject.press('undo');
  await subject.waitForMarks([NUMBER]);
});

test('where the company decides, none is offered and the card says so', async () => {
  const subject = await bench.open(pageWith(`<p>Tel. ${NUMBER}</p>`), {
    settings: { ...SETTINGS, site: { ...SITE, isLocked: true } },
  });
  await subject.waitForMarks([NUMBER]);
  await subject.openCard(NUMBER);
  await subject.waitForCardText('Your company decides what is read on crm.example.');
  expect(await subject.cardText()).not.toContain('Not a number here');
});

test('what the worker refuses is said', async () => {
  const subject = await open();
  await subject.page.evaluate(() => {
    window.offhookTest.wish = () => Promise.resolve({ type: 'failed', why: 'full' });
  });
  await subject.openCard(NUMBER);
  await subject.press('not-number');
  await subject.waitForCardText('There are 100 of these already.');
  expect(await subject.marked()).toEqual([NUMBER]);
});

// Opens the list by the keyboard, as a person may: a headless browser draws no list to click on.
async function choose(subject: Subject, country: string): Promise<void> {
  const { page } = subject;
  const select = await subject.selectBox();
  await subject.look();
  await page.mouse.click(select.x + 8, select.y + select.height / 2);
  await page.keyboard.type(country, { delay: 10 });
  await page.keyboard.press('Enter');
}
