// Pairing by hand: the link from the administrator, or an address with a code. Every failure says what to do.

import { useState } from 'preact/hooks';
import type { PairingTarget } from '#lib/pairing-link.ts';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';
import { type PairOutcome, pairOutcome } from './SiteRow.tsx';
import { TextField } from './TextField.tsx';
import { useWords } from './words.ts';

export interface PairRequest {
  relayUrl: string;
  code: string;
  deviceName: string;
}

export interface Pairing {
  /** Reads a pasted link or address; see lib/pairing-link.ts. */
  readLink: (text: string) => PairingTarget | undefined;
  readCode: (text: string) => string | undefined;
  /** What this device is called unless the agent says otherwise. */
  deviceName: string;
  pair: (request: PairRequest) => Promise<PairOutcome>;
  /** The company's relay, `'https://relay.example'`: then the code is all that is missing. */
  relay?: string | undefined;
}

type Step = { type: 'editing'; fault?: 'link' | 'code' } | { type: 'asking' } | PairOutcome;

/** Link, code where the link has none, and the device's name. */
export function PairForm({ readLink, readCode, deviceName, pair, relay = '' }: Pairing) {
  const words = useWords();
  const { t } = words;
  const [link, setLink] = useState(relay);
  const [code, setCode] = useState('');
  const [name, setName] = useState(deviceName);
  const [step, setStep] = useState<Step>({ type: 'editing' });
  const target = readLink(link);
  const needsCode = target !== undefined && target.code === undefined;
  const fault = step.type === 'editing' ? step.fault : undefined;

  function edit(put: (text: string) => void): (text: string) => void {
    return (text) => {
      put(text);
      setStep({ type: 'editing' });
    };
  }

  async function submit(): Promise<void> {
    if (!target) return setStep({ type: 'editing', fault: 'link' });
    const known = target.code ?? readCode(code);
    if (known === undefined) return setStep({ type: 'editing', fault: 'code' });
    setStep({ type: 'asking' });
    const request = { relayUrl: target.relayUrl, code: known, deviceName: name.trim() || deviceName };
    setStep(await pairOutcome(pair(request)));
  }

  return (
    <form
      class="pair"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextField label={t('pair_link_label')} value={link} onInput={edit(setLink)} hasFault={fault === 'link'} />
      {needsCode && (
        <TextField
          label={t('pair_code_label')}
          hint={t('pair_code_hint')}
          value={code}
          onInput={edit(setCode)}
          hasFault={fault === 'code'}
        />
      )}
      {target && (
        <TextField label={t('pair_device_label')} hint={t('pair_device_hint')} value={name} onInput={edit(setName)} />
      )}
      {fault !== undefined && (
        <Note kind="error" text={fault === 'link' ? t('pair_link_invalid') : t('pair_code_missing')} />
      )}
      {step.type === 'failed' && <Note kind="error" text={words.error(step.code)} />}
      {step.type === 'paired' && <Note kind="done" text={t('pair_done', { user: step.userName })} />}
      <div class="pair__actions">
        <Button type="submit" kind="primary" label={t('pair_action')} isDisabled={step.type === 'asking'} />
        {step.type === 'asking' && <span class="small muted patient">{t('pair_busy')}</span>}
      </div>
    </form>
  );
}
