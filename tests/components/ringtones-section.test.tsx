// How the options page lets an agent choose ringtones.
import { describe, expect, test, vi } from 'vitest';
import { type RingDoors, RingtonesSection } from '#components/RingtonesSection.tsx';
import type { Policy } from '#lib/policy.ts';
import { DEFAULT_RINGTONES } from '#lib/ringtone-settings.ts';
import type { Settings } from '#lib/settings.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { mount, settle } from './mount.tsx';
import { ringDoorsWith } from './ring-doors-rig.ts';

async function section(
  settings: Partial<Settings> = { rings: true },
  doors: Partial<RingDoors> = {},
  policy: Partial<Policy> = {},
) {
  const onChange = vi.fn(async (_change: Partial<Settings>) => undefined);
  const view = await mount(
    <RingtonesSection
      settings={settingsOf({ settings, policy })}
      onChange={onChange}
      ringDoors={ringDoorsWith(doors)}
    />,
  );
  return { view, onChange };
}

function fieldOf(root: HTMLElement, label: string): HTMLSelectElement {
  const found = [...root.querySelectorAll('label')].find((one) => one.textContent === label);
  const field = root.querySelector<HTMLSelectElement>(`[id="${found?.htmlFor}"]`);
  if (!field) throw new Error(`no field ${label}`);
  return field;
}

function choicesOf(root: HTMLElement, label: string): (string | null)[] {
  return [...fieldOf(root, label).options].map((option) => option.textContent);
}

async function choose(field: HTMLSelectElement, value: string): Promise<void> {
  field.value = value;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  await settle();
}

test('the browser does not ring by itself, and says that the phone rings as well', async () => {
  const { view, onChange } = await section({});
  expect(view.text()).toContain('Mute your phone, or both ring.');
  expect(view.root.querySelectorAll('select')).toHaveLength(0);
  view.root.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
  await settle();
  expect(onChange).toHaveBeenCalledExactlyOnceWith({ rings: true });
});

test('what the company decided is shown and not to be changed', async () => {
  const { view } = await section({ rings: true }, {}, { values: { rings: true }, locked: ['rings'] });
  expect(view.root.querySelector<HTMLInputElement>('input[type=checkbox]')?.disabled).toBe(true);
});

describe('a tone', () => {
  test('is chosen for some callers alone, and given up again', async () => {
    const { view, onChange } = await section();
    await choose(fieldOf(view.root, 'Important contacts (VIP)'), 'bell');
    expect(onChange).toHaveBeenLastCalledWith({
      ringtones: { ...DEFAULT_RINGTONES, tones: { ...DEFAULT_RINGTONES.tones, vip: 'bell' } },
    });
    await choose(fieldOf(view.root, 'Important contacts (VIP)'), 'as-external');
    expect(onChange.mock.lastCall?.[0].ringtones?.tones.vip).toBeUndefined();
  });

  test('is tried as it is chosen, and stops at the second press', async () => {
    const onTry = vi.fn(async () => undefined);
    const ringtones = { volume: 0.2, device: 'headset', tones: { internal: 'low', external: 'soft' } } as const;
    const { view } = await section({ rings: true, ringtones }, { onTry });
    await view.click('Play: Unknown callers');
    expect(onTry).toHaveBeenLastCalledWith({ tone: 'soft', volume: 0.2, device: 'headset' });
    await view.click('Stop: Unknown callers');
    expect(onTry).toHaveBeenLastCalledWith(undefined);
  });

  test('of none is not tried, for callers either who ring as all do', async () => {
    const ringtones = { ...DEFAULT_RINGTONES, tones: { internal: 'low', external: 'none' } } as const;
    const { view } = await section({ rings: true, ringtones });
    const disabled = [...view.root.querySelectorAll<HTMLButtonElement>('.ring__tone button')].map(
      (one) => one.disabled,
    );
    expect(disabled).toEqual([false, true, true, true, true]);
  });

  test('that the browser does not play says what to do', async () => {
    const onTry = vi.fn(async (ring: unknown) => (ring ? Promise.reject(new Error('not allowed')) : undefined));
    const { view } = await section({ rings: true }, { onTry });
    await view.click('Play: Calls from outside');
    await settle();
    expect(view.root.querySelector('[role=alert]')?.textContent).toContain('check the sound');
  });
});

describe('own sounds', () => {
  test('that the browser cannot keep say so', async () => {
    const { view } = await section({ rings: true }, { onAdd: () => Promise.reject(new Error('QuotaExceededError')) });
    const picker = view.root.querySelector<HTMLInputElement>('input[type=file]');
    Object.defineProperty(picker, 'files', { value: [new File(['x'], 'x.mp3')] });
    picker?.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();
    expect(view.root.querySelector('[role=alert]')?.textContent).toContain('could not keep');
  });

  test('are removed without losing the place of who works by keyboard', async () => {
    const { view } = await section({ rings: true }, { files: [{ id: '1', name: 'Wind chime' }] });
    await view.click('Remove Wind chime');
    await settle();
    expect(document.activeElement?.textContent).toContain('Add a sound');
  });

  test('stand among the tones, and a removed one that is still chosen is said', async () => {
    const ringtones = { ...DEFAULT_RINGTONES, tones: { internal: 'own:7', external: 'own:1' } } as const;
    const { view } = await section({ rings: true, ringtones }, { files: [{ id: '1', name: 'Wind chime' }] });
    expect(choicesOf(view.root, 'Calls from outside')).toContain('Wind chime');
    expect(choicesOf(view.root, 'Calls from outside')).not.toContain('A file that was removed');
    expect(choicesOf(view.root, 'Calls from colleagues')).toContain('A file that was removed');
  });

  test.each([
    ['too-large', 'larger than 1 MB'],
    ['too-many', 'Remove one first'],
    ['no-sound', 'cannot play'],
  ] as const)('that are not taken say why: %s', async (reason, said) => {
    const { view } = await section({ rings: true }, { onAdd: async () => reason });
    const picker = view.root.querySelector<HTMLInputElement>('input[type=file]');
    Object.defineProperty(picker, 'files', { value: [new File(['x'], 'x.mp3')] });
    picker?.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();
    expect(view.root.querySelector('[role=alert]')?.textContent).toContain(said);
  });
});

test('outputs are named once the browser was asked; an unnamed one that was chosen stays', async () => {
  const onAskOutputs = vi.fn(async () => false);
  const ringtones = { ...DEFAULT_RINGTONES, device: 'headset' };
  const { view } = await section({ rings: true, ringtones }, { onAskOutputs });
  expect(choicesOf(view.root, 'Output')).toContain('Chosen earlier, not named by the browser');
  await view.click('Show outputs');
  expect(onAskOutputs).toHaveBeenCalledOnce();
  expect(view.text()).toContain('did not name any output');
});
