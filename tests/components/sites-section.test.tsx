// The sites in the options: what is said of each, what can be done with it, and rules that come and go as a file.
import { act } from 'preact/test-utils';
import { describe, expect, test, vi } from 'vitest';
import { SitesSection } from '#components/SitesSection.tsx';
import type { KnownSite } from '#lib/known-sites.ts';
import { NO_POLICY } from '#lib/policy.ts';
import { readSiteRulesFile } from '#lib/site-rules-file.ts';
import { aState } from './builders.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { aSite } from './gallery/options-states.ts';
import { mount, settle } from './mount.tsx';
import { siteDoorsWith } from './site-doors-rig.ts';

const CRM = 'https://crm.example';

async function section(sites: readonly KnownSite[], { language = 'en' } = {}) {
  const spies = {
    onAllow: vi.fn(async (): Promise<'enabled' | 'denied'> => 'enabled'),
    onChange: vi.fn(async () => undefined),
    onRemove: vi.fn(async () => undefined),
    onExport: vi.fn(),
    onPut: vi.fn(async () => undefined),
  };
  const { onExport, onPut, ...doors } = spies;
  const rules = Object.fromEntries(sites.map(({ site, rule }) => [site, rule]));
  const read = (text: string) => readSiteRulesFile(text, { own: rules, policy: NO_POLICY });
  const view = await mount(
    <SitesSection
      sites={sites}
      siteDoors={siteDoorsWith({ ...doors, rules: { onExport, onPut, read } })}
      settings={settingsOf({ settings: { siteRules: rules } })}
      state={aState([])}
      countries={['AT', 'CH', 'DE']}
    />,
    { language },
  );
  const field = (label: string) => {
    const found = [...view.root.querySelectorAll('label')].find((one) => one.textContent?.trim() === label);
    const element = found && view.root.querySelector<HTMLTextAreaElement>(`[id="${found.htmlFor}"]`);
    if (!element) throw new Error(`no field ${label}`);
    return element;
  };
  return {
    view,
    ...spies,
    field,
    async write(label: string, text: string) {
      const element = field(label);
      await act(() => {
        element.value = text;
        element.dispatchEvent(new Event('input', { bubbles: true }));
      });
      await act(() => void element.dispatchEvent(new Event('blur')));
      await settle();
    },
    async choose(label: string, value: string) {
      const element = field(label);
      await act(() => {
        element.value = value;
        element.dispatchEvent(new Event('change', { bubbles: true }));
      });
      await settle();
    },
    async give(text: string) {
      const input = view.root.querySelector<HTMLInputElement>('input[type=file]');
      if (!input) throw new Error('no file input');
      Object.defineProperty(input, 'files', { value: [new File([text], 'rules.json')], configurable: true });
      await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
      // A file is read in its own time.
      await vi.waitFor(() =>
        expect(view.root.querySelector('.rules-file [role], .rules-file__preview')).not.toBeNull(),
      );
      await settle();
    },
  };
}

describe('a site', () => {
  test('that is in use is paused, and used again', async () => {
    const { view, onChange } = await section([
      aSite(CRM),
      aSite('https://mail.example', { status: 'paused', rule: { state: 'paused' } }),
    ]);
    expect(view.text()).toContain('crm.exampleIn use');
    expect(view.text()).toContain('mail.examplePaused');
    await view.click('Pause');
    await view.click('Resume');
    expect(onChange.mock.calls).toEqual([
      [CRM, { state: 'paused' }],
      ['https://mail.example', { state: 'on' }],
    ]);
  });

  test('that a rule speaks of is allowed by one click, and says when the browser refused', async () => {
    const { view, onAllow } = await section([aSite(CRM, { status: 'denied', access: 'none', company: 'default' })]);
    expect(view.text()).toContain('Not allowed yet · Suggested by your company');
    // What the company said would be back at once.
    expect(view.button('Remove')).toBeUndefined();
    onAllow.mockResolvedValueOnce('denied');
    await view.click('Allow');
    await settle();
    expect(onAllow).toHaveBeenCalledWith(CRM);
    expect(view.root.querySelector('.site-item [role=alert]')?.textContent).toContain('did not allow it');
  });

  test('of the build is paused, not removed', async () => {
    const { view } = await section([aSite(CRM, { access: 'build' })]);
    expect(view.button('Remove')).toBeUndefined();
    expect(view.button('Pause')).toBeDefined();
  });

  test('that the company locked is shown and left alone, but may be allowed', async () => {
    const locked = aSite(CRM, {
      company: 'locked',
      access: 'build',
      rule: { state: 'on', click: 'links', country: 'CH' },
    });
    const { view } = await section([
      locked,
      aSite('https://b.example', { ...locked, status: 'denied', access: 'none' }),
    ]);
    expect(view.text()).toContain('In use · Set by your company · Phone links, too · numbers of Switzerland');
    expect(view.buttons().slice(0, 2)).toEqual(['Allow', 'Use on this site']);
  });
});

describe('a rule', () => {
  async function editing(site = aSite(CRM)) {
    const shown = await section([site]);
    await shown.view.click('Edit');
    return shown;
  }

  test('is opened, changed field by field, and closed', async () => {
    const { view, choose, onChange } = await editing();
    await choose('What calls on this site', 'chip');
    await choose('Country of its numbers', 'CH');
    expect(onChange.mock.calls).toEqual([
      [CRM, { click: 'chip' }],
      [CRM, { country: 'CH' }],
    ]);
    expect(view.root.querySelector('.site-rule .options__saved')?.textContent).toBe('Saved');
    await view.click('Done');
    expect(view.root.querySelector('.site-rule')).toBeNull();
  });

  test('says what holds everywhere, and goes back to it', async () => {
    const { choose, field, onChange } = await editing(
      aSite(CRM, { rule: { state: 'on', click: 'text', country: 'CH' } }),
    );
    const country = field('Country of its numbers') as unknown as HTMLSelectElement; // a select, by its label
    expect([...country.options].map(({ textContent }) => textContent)[0]).toBe('As everywhere (Germany)');
    await choose('Country of its numbers', '');
    await choose('What calls on this site', '');
    expect(onChange.mock.calls).toEqual([
      [CRM, { country: undefined }],
      [CRM, { click: undefined }],
    ]);
  });

  test('takes lists line by line, each once', async () => {
    const { write, onChange } = await editing();
    await write('Columns that never do', ' Order no. \n\nOrder no.\nCustomer no.');
    expect(onChange).toHaveBeenCalledWith(CRM, { neverColumns: ['Order no.', 'Customer no.'] });
  });

  test('is not changed by a line that cannot be used; it is named, and what was written stays', async () => {
    const { view, field, write, onChange } = await editing();
    await write('Links that call, like tel:', 'http://localhost:2503/Makecall\nlocalhost:2503');
    await write('Parts of the page to leave out', '.editor\n::::');
    const alerts = [...view.root.querySelectorAll('[role=alert]')].map(({ textContent }) => textContent);
    expect(alerts[0]).toContain('“localhost:2503” is not the beginning of an address');
    expect(alerts[1]).toContain('“::::” is not a CSS selector');
    expect(onChange).not.toHaveBeenCalled();
    expect(field('Links that call, like tel:').value).toContain('localhost:2503');
    await write('Links that call, like tel:', 'http://localhost:2503/Makecall');
    expect(onChange).toHaveBeenCalledWith(CRM, { phoneLinks: ['http://localhost:2503/Makecall'] });
  });

  test('does not take more than it can keep', async () => {
    const { view, write, onChange } = await editing();
    await write('Not phone numbers', 'x'.repeat(101));
    expect(view.root.querySelector('[role=alert]')?.textContent).toContain('none longer than 100 characters');
    expect(onChange).not.toHaveBeenCalled();
  });
});

describe('rules as a file', () => {
  const file = (...sites: unknown[]) => JSON.stringify({ offhook: 'site-rules', version: 1, sites });

  test('are saved where there are any', async () => {
    const { view, onExport } = await section([aSite(CRM)]);
    await view.click('Save as file');
    expect(onExport).toHaveBeenCalledOnce();
    expect((await section([])).view.button('Save as file')?.disabled).toBe(true);
  });

  test('are read, looked at, put in force, and taken back', async () => {
    const { view, give, onPut } = await section([aSite(CRM, { rule: { state: 'on', country: 'AT' } })]);
    await give(
      file({ site: CRM, country: 'CH' }, { site: 'new.example', click: 'text' }, { site: 'bad', country: 'x' }),
    );
    const preview = view.root.querySelector('.rules-file__preview')?.textContent;
    expect(preview).toContain('crm.example · Changed');
    expect(preview).toContain('new.example · New');
    expect(preview).toContain('Entry 3 (https://bad): “country” is not valid.');
    expect(preview).toContain('All other sites stay as they are.');
    expect(onPut).not.toHaveBeenCalled();
    await view.click('Apply 2 rules');
    await settle();
    expect(onPut).toHaveBeenLastCalledWith({
      [CRM]: { state: 'on', country: 'CH' },
      'https://new.example': { state: 'on', click: 'text' },
    });
    await view.click('Undo');
    await settle();
    expect(onPut).toHaveBeenLastCalledWith({ [CRM]: { state: 'on', country: 'AT' }, 'https://new.example': undefined });
    expect(view.text()).toContain('everything is as before');
  });

  test('that change nothing say so, and are not applied', async () => {
    const { view, give } = await section([aSite(CRM, { rule: { state: 'on', country: 'AT' } })]);
    await give(file({ site: CRM, country: 'AT' }));
    expect(view.text()).toContain('Nothing: all its rules hold already.');
    expect(view.buttons().some((name) => name.startsWith('Apply'))).toBe(false);
    await view.click('Cancel');
    expect(view.root.querySelector('.rules-file__preview')).toBeNull();
  });

  test.each([
    ['{', 'not JSON'],
    ['[]', 'holds no site rules'],
    ['{"offhook":"site-rules","version":2,"sites":[]}', 'newer version'],
    ['x'.repeat(1_000_001), 'too large'],
  ])('that cannot be read are refused with words: %#', async (text, words) => {
    const { view, give, onPut } = await section([]);
    await give(text);
    expect(view.root.querySelector('.rules-file [role=alert]')?.textContent).toContain(words);
    expect(onPut).not.toHaveBeenCalled();
  });

  test('speak German, too', async () => {
    const { view, give } = await section([], { language: 'de' });
    await give(file({ site: 'neu.example', country: 'CH' }));
    expect(view.text()).toContain('neu.example · Neu');
    expect(view.button('1 Regel übernehmen')).toBeDefined();
  });
});
