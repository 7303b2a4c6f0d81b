// What a field of a page is for, as the finder is told: by its label, its place, its names, its kind.
import { afterEach, expect, test } from 'vitest';
import { fieldLabel, isField } from '#lib/page/field.ts';
import { createLabels } from '#lib/page/labels.ts';

afterEach(() => document.body.replaceChildren());

test.each([
  ['its label', '<label for="x">Phone *</label><input id="x">', 'Phone *'],
  ['the label around it', '<label>Mobile <input id="x"></label>', 'Mobile'],
  ['the words before it', '<div><span>Customer no.</span><input id="x"></div>', 'Customer no.'],
  ['the header of its column', '<table><tr><th>Fax</th></tr><tr><td><input id="x"></td></tr></table>', 'Fax'],
  ['its name for screen readers', '<input id="x" aria-label="Fax">', 'Fax'],
  ['what stands in it while it is empty', '<input id="x" placeholder="Your phone number">', 'Your phone number'],
  ['its name in the form', '<input id="x" name="customer[phoneNumber]">', 'customer phone Number'],
  ['its kind alone', '<input id="x" type="tel" name="f17">', 'Tel'],
  [
    'its label behind its kind, which has the last word',
    '<label>Order no. <input id="x" type="tel"></label>',
    'Tel: Order no.',
  ],
  [
    'what the browser may fill in, which has the very last',
    '<label>Ihre Daten <input id="x" autocomplete="work tel"></label>',
    'Ihre Daten: Tel',
  ],
])('a field is known by %s', (_, html, label) => {
  document.body.innerHTML = html;
  const field = document.querySelector('#x') ?? undefined;
  expect(isField(field) && fieldLabel(field, createLabels().around)).toBe(label);
});
