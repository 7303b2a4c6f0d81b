// States of views that only an action brings about: what is typed or clicked before such a state is looked at.
import type { Frame } from 'puppeteer';

const PATIENCE_MS = 15_000;

const ACTS: Readonly<Record<string, (page: Frame) => Promise<unknown>>> = {
  'dial-preview': typeNumber,
  'dial-refused': typeNumber,
  'dial-failed': order,
  'dial-unknown': order,
  'dial-confirm': order,
  'order-failed': (page) => page.click('.card__actions .button'),
  'options-unpaired': typeRelay,
  'on-page': (page) => page.click('.on-page__toggle'),
  'panel-transfer': (page) => page.click('.card [aria-expanded]'),
  'panel-keypad': (page) => page.click('.card .button--icon[aria-expanded]'),
  'panel-forward': (page) => page.click('.own-line [aria-expanded]'),
  'panel-line-facts': (page) => page.click('.own-line__limits > summary'),
  'panel-order-failed': (page) => page.click('.card__actions .button'),
  'panel-search': typeName,
  'panel-dial': typeNumberAndLeave,
  'panel-journal': (page) => page.click('[data-tab=journal]'),
  'panel-journal-writing': writeInTheJournal,
  'journal-exported': exportAll,
  'panel-page': (page) => page.click('[data-tab=page]'),
  'panel-page-empty': (page) => page.click('[data-tab=page]'),
};

/** Brings a state about and waits until it is drawn; harmless for those that are there by themselves. */
export async function actOut(page: Frame, state: string | undefined): Promise<void> {
  const hasWaited = [await untilAnswerHasTheFocus(page), await untilNumberIsChecked(page)].includes(true);
  const act = ACTS[state ?? ''];
  if (act) {
    await act(page);
    // What opens takes the focus a moment later.
    await settle(page);
    if (!(await page.$('.suggestions'))) {
      await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    }
  }
  if (act || hasWaited) await settle(page);
}

// The confirm card asks for its number by itself, after the pause that typing takes.
async function untilNumberIsChecked(page: Frame): Promise<boolean> {
  if (!(await page.$('.confirm-card .patient'))) return false;
  await page.waitForSelector('.confirm-card .patient', { hidden: true, timeout: PATIENCE_MS });
  return true;
}

// The caller window hands it over a moment after it has been shown, and not while somebody is at work in it.
async function untilAnswerHasTheFocus(page: Frame): Promise<boolean> {
  const answer = await page.$('.caller-card--ringing .button--primary');
  if (!answer || (await page.evaluate(() => !document.hasFocus()))) return false;
  await page.waitForFunction((button) => document.activeElement === button, { timeout: PATIENCE_MS }, answer);
  return true;
}

/** Some frames, in which effects have run and answers have been drawn. */
export async function settle(page: Frame): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let count = 0; count < 3; count += 1) await frame();
  });
}

async function typeNumber(page: Frame): Promise<void> {
  await page.type('.dial__input', '030 23125042');
  await page.waitForSelector('.dial__digits, .note--quiet', { timeout: PATIENCE_MS });
}

// Contacts with this number are found a moment later; without the focus what will be dialled stays.
async function typeNumberAndLeave(page: Frame): Promise<void> {
  await typeNumber(page);
  await page.waitForSelector('.suggestion', { timeout: PATIENCE_MS });
  await page.$eval('.dial__input', (input) => input instanceof HTMLElement && input.blur());
  await page.waitForSelector('.suggestion', { hidden: true, timeout: PATIENCE_MS });
}

// The list of suggestions stays for as long as the field has the focus.
async function typeName(page: Frame): Promise<void> {
  await page.type('.dial__input', 'anna');
  await page.waitForSelector('.suggestion', { timeout: PATIENCE_MS });
  // The first one is chosen, and what it would dial is told a moment later.
  await page.waitForSelector('.dial__digits', { timeout: PATIENCE_MS });
}

async function order(page: Frame): Promise<void> {
  await typeNumber(page);
  await page.page().keyboard.press('Enter');
  await page.waitForSelector('.dial .note--error', { timeout: PATIENCE_MS });
}

async function writeInTheJournal(page: Frame): Promise<void> {
  await page.click('[data-tab=journal]');
  await page.click('.journal-row [aria-expanded]');
  await page.waitForSelector('.journal-row__writing', { timeout: PATIENCE_MS });
}

async function exportAll(page: Frame): Promise<void> {
  await page.click('.journal__head > .button--icon');
  await page.waitForSelector('.journal__export .note--done', { timeout: PATIENCE_MS });
}

async function typeRelay(page: Frame): Promise<void> {
  await page.type('.pair input', '127.0.0.1:8730');
  await page.click('.pair .button');
}
