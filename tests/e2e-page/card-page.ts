// A page with one number, for tests of the card: how it is opened in a browser, and what the worker is made to answer.
import type { Bench, Subject } from './harness.ts';

/** What the page script is told of its site. */
export const SITE = { name: 'crm.example', isLocked: false };
/** Settings of an agent in Germany. */
export const SETTINGS = { country: 'DE', countryFrom: 'agent', takesTelLinks: true, site: SITE } as const;
/** The number on the page. */
export const NUMBER = '030 23125042';
/** The same as it is dialled. */
export const E164 = '+493023125042';

/** A page in large letters. */
export function pageWith(body: string, style = ''): string {
  return `<!doctype html><meta charset="utf-8"><style>body{margin:40px;font:16px sans-serif}${style}</style>${body}`;
}

/** Opens a page with the number, once it is marked. */
export async function openOne(
  bench: Bench,
  body = `<p>Tel. <span id="it">${NUMBER}</span></p><p id="far">nothing</p>`,
): Promise<Subject> {
  const subject = await bench.open(pageWith(body), { settings: SETTINGS });
  await subject.waitForMarks([NUMBER]);
  return subject;
}

/** Lets the worker answer what would become of the number. */
export async function asOutlook({ page }: Subject, outlook: object): Promise<void> {
  await page.evaluate(
    (known, e164) => {
      const number = { kind: 'e164', number: e164 } as const;
      // What a worker answers has this shape; the rest of it does not matter here.
      const answer = { number, display: '+49 30 23125042', ...known } as never;
      window.offhookTest.outlook = () => Promise.resolve(answer);
    },
    outlook,
    E164,
  );
}

/** The decisions that the page asked the worker for. */
export const wishesOf = async ({ page }: Subject) =>
  await page.evaluate(() =>
    window.offhookTest.sent.filter(({ name }) => name === 'site-wish').map((one) => one.request),
  );
