// What systems are told about phone links leads to the page that takes them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PHONE_LINK_PAGE, phoneLinkIn } from '#lib/phone-link-door.ts';

const FOLDER = join(import.meta.dirname, '../../docs/phone-links');
const scripts = readdirSync(FOLDER).filter((name) => !name.endsWith('.desktop'));

test.each(scripts)('%s opens the extension’s page with the link behind it', (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const addresses = text.match(/chrome-extension:\/\/\S+?(?:%1|\$1)/g) ?? [];
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) {
    const opened = address.replace(/%1|\$1/, 'callto:+493023125042');
    expect(opened).toContain(`/${PHONE_LINK_PAGE}?`);
    expect(phoneLinkIn(opened)).toBe('callto:+493023125042');
  }
});

test.each(scripts.filter((name) => name.endsWith('.reg')))('%s hands a link over as one argument', (name) => {
  const commands = readFileSync(join(FOLDER, name), 'utf8').match(/^@="\\".*%1"$/gm) ?? [];
  expect(commands).toHaveLength(2);
  for (const command of commands) expect(command).toContain('.exe\\" --single-argument chrome-extension://');
});
