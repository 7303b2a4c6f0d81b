// Pairing by hand: the link from the administrator, an address with a code, or the company's account where the relay takes
// it. Every failure says what to do.
import { useState } from 'preact/hooks';
import type { PairingTarget } from '#lib/pairing-link.ts';
import { Button } from './Button.tsx';
import { CompanySignInActions, type CompanySignInDoors, CompanySignInStatus, isUnderWay } from './CompanySignIn.tsx';
import { Note } from './Note.tsx';
import { type PairOutcome, pairOutcome } from './SiteRow.tsx';
import { TextField } from './TextField.tsx';
import { useSignInOffer } from './use-sign-in-offer.ts';
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
  /** Undefined where nobody can sign in with the company's account. */
  companySignIn?: CompanySignInDoors | undefined;
}

type Step = { type: 'editing'; fault?: 'link' | 'code' } | { type: 'asking' } | PairOutcome;

/** Link, code where the link has none, and the device's name. Begun anew when the company's relay becomes known. */
export function PairForm(pairing: Pairing) {
  return <Form key={pairing.relay ?? ''} {...pairing} />;
}

function Form({ readLink, readCode, deviceName, pair, relay = '', companySignIn }: Pairing) {
  const words = useWords();
  const { t } = words;
  const [link, setLink] = useState(relay);
  const [code, setCode] = useState('');
  const [name, setName] = useState(deviceName);
  const [step, setStep] = useState<Step>({ type: 'editing' });
  const target = readLink(link);
  const needsCode = target !== undefined && target.code === undefined;
  // An address that is still being typed is nobody's.
  const [settledLink, setSettledLink] = useState(relay);
  const settled = needsCode && settledLink === link ? target.relayUrl : undefined;
  const provider = useSignInOffer(companySignIn?.offer, settled);
  const [wantsCode, setWantsCode] = useState(false);
  const signsIn = provider !== undefined && !wantsCode;
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

  function signIn(): void {
    if (!target || !companySignIn || isUnderWay(companySignIn.status)) return;
    setStep({ type: 'editing' });
    // What comes of it is in the status, for every view.
    void pairOutcome(companySignIn.start({ relayUrl: target.relayUrl, deviceName: name.trim() || deviceName }));
  }

  return (
    <form
      class="pair"
      onChange={() => setSettledLink(link)}
      onSubmit={(event) => {
        event.preventDefault();
        if (signsIn) signIn();
        else void submit();
      }}
    >
      <TextField
        label={companySignIn?.isOnlyWay ? t('pair_address_label') : t('pair_link_label')}
        value={link}
        onInput={edit(setLink)}
        hasFault={fault === 'link'}
      />
      {needsCode && !signsIn && (
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
      {fault !== undefined && !(signsIn && fault === 'code') && (
        <Note kind="error" text={fault === 'link' ? t('pair_link_invalid') : t('pair_code_missing')} />
      )}
      {step.type === 'failed' && <Note kind="error" text={words.error(step.code)} />}
      {step.type === 'paired' && <Note kind="done" text={t('pair_done', { user: step.userName })} />}
      <CompanySignInStatus status={companySignIn?.status} />
      {signsIn ? (
        <CompanySignInActions
          provider={provider}
          status={companySignIn?.status}
          onStart={signIn}
          onUseCode={companySignIn?.isOnlyWay ? undefined : () => setWantsCode(true)}
        />
      ) : (
        <div class="pair__actions">
          <Button type="submit" kind="primary" label={t('pair_action')} isDisabled={step.type === 'asking'} />
          {step.type === 'asking' && <span class="small muted patient">{t('pair_busy')}</span>}
        </div>
      )}
    </form>
  );
}
