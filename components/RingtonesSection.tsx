// How the browser rings: whether at all, how loud, on which output, and which tone for whom. Every tone can be tried here.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { RingFile, RingFileFault } from '#lib/ring-files.ts';
import type { ToneChoice, ToneName } from '#lib/ring-tones.ts';
import type { Ring } from '#lib/ringer.ts';
import type { Ringtones } from '#lib/ringtone-settings.ts';
import { Button } from './Button.tsx';
import { Choice } from './Choice.tsx';
import { lockOf } from './lock.ts';
import { Note } from './Note.tsx';
import type { OptionsProps } from './OptionsView.tsx';
import { Panel } from './Panel.tsx';
import { Switch } from './Switch.tsx';
import { useSaved } from './use-saved.tsx';
import { useWords } from './words.ts';

/** What the options page does for ringtones. */
export interface RingDoors {
  /** The tones that come with the extension. */
  tones: readonly ToneName[];
  files: readonly RingFile[];
  /** Outputs that the browser names; empty until it may. */
  outputs: readonly { id: string; name: string }[];
  /** Plays a tone for a try, or nothing; rejects where it cannot be heard. */
  onTry: (ring: Ring | undefined) => Promise<void>;
  /** Keeps a file; says why it does not. */
  onAdd: (file: File) => Promise<RingFileFault | undefined>;
  onRemove: (id: string) => Promise<void>;
  /** Has the browser ask the agent for the names of its outputs; false where it was refused. */
  onAskOutputs: () => Promise<boolean>;
}

type Kind = keyof Ringtones['tones'];
const KINDS: readonly Kind[] = ['internal', 'external', 'vip', 'known', 'unknown'];
const TRY_MS = 4_000;
const AS_EXTERNAL = 'as-external';

/** A part of the options page. */
export function RingtonesSection({
  settings,
  onChange,
  ringDoors: doors,
}: Pick<OptionsProps, 'settings' | 'onChange' | 'ringDoors'>) {
  const { t } = useWords();
  const { change, word } = useSaved(onChange);
  const { ringtones, rings } = settings;
  const put = (part: Partial<Ringtones>) => void change({ ringtones: { ...ringtones, ...part } });
  const trial = useTrial(ringtones, doors.onTry);
  return (
    <Panel title={t('options_ringtones')} hint={t('options_ringtones_hint')} aside={word}>
      <Switch
        label={t('options_rings')}
        hint={t('options_rings_hint')}
        isOn={rings}
        isLocked={lockOf(settings.policy)('rings')}
        onSwitch={(isOn) => void change({ rings: isOn })}
      />
      {rings && (
        <>
          <Volume value={ringtones.volume} onChange={(volume) => put({ volume })} />
          <Output device={ringtones.device} doors={doors} onChoose={(device) => put({ device })} />
          {KINDS.map((kind) => (
            <Tone
              key={kind}
              kind={kind}
              chosen={ringtones.tones[kind]}
              external={ringtones.tones.external}
              doors={doors}
              isTried={trial.kind === kind}
              onTry={() => trial.toggle(kind)}
              onChoose={(tone) => put({ tones: { ...ringtones.tones, [kind]: tone } })}
            />
          ))}
          {trial.hasFailed && <Note kind="error" text={t('options_ring_unheard')} />}
          <OwnFiles doors={doors} />
        </>
      )}
    </Panel>
  );
}

// One tone at a time; it ends by itself, and with the page.
function useTrial(ringtones: Ringtones, onTry: RingDoors['onTry']) {
  const [kind, setKind] = useState<Kind>();
  const [hasFailed, setFailed] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stop = () => {
    clearTimeout(timer.current);
    setKind(undefined);
    void onTry(undefined);
  };
  useEffect(() => stop, []);
  return {
    kind,
    hasFailed,
    toggle(asked: Kind) {
      const isOn = kind === asked;
      stop();
      if (isOn) return;
      const { tones, volume, device } = ringtones;
      const tone = tones[asked] ?? tones.external;
      setFailed(false);
      if (tone === 'none') return;
      setKind(asked);
      timer.current = setTimeout(stop, TRY_MS);
      onTry({ tone, volume, device }).catch(() => {
        setFailed(true);
        stop();
      });
    },
  };
}

function Volume({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const { t } = useWords();
  return (
    <label class="field ring__volume">
      <span class="field__label">{t('options_ring_volume')}</span>
      <input
        type="range"
        min="0"
        max="100"
        step="5"
        value={Math.round(value * 100)}
        aria-valuetext={`${Math.round(value * 100)} %`}
        onChange={(event) => onChange(Number(event.currentTarget.value) / 100)}
      />
    </label>
  );
}

interface OutputProps {
  device: string | undefined;
  doors: RingDoors;
  onChoose: (device: string | undefined) => void;
}

function Output({ device, doors, onChoose }: OutputProps) {
  const { t } = useWords();
  const [isRefused, setRefused] = useState(false);
  const { outputs, onAskOutputs } = doors;
  const named = outputs.map(({ id, name }) => ({ value: id, name }));
  const isGone = device !== undefined && !outputs.some(({ id }) => id === device);
  const options = [
    { value: '', name: t('options_ring_output_default') },
    ...named,
    ...(isGone ? [{ value: device, name: t('options_ring_output_chosen') }] : []),
  ];
  return (
    <div class="ring__output">
      <Choice
        label={t('options_ring_output')}
        hint={named.length === 0 ? t('options_ring_output_hint') : undefined}
        value={device ?? ''}
        options={options}
        onChoose={(id) => onChoose(id === '' ? undefined : id)}
      />
      {named.length === 0 && (
        <Button
          label={t('options_ring_output_ask')}
          onClick={() => void onAskOutputs().then((isGranted) => setRefused(!isGranted))}
        />
      )}
      {isRefused && <Note kind="quiet" text={t('options_ring_output_refused')} />}
    </div>
  );
}

interface ToneProps {
  kind: Kind;
  chosen: ToneChoice | undefined;
  /** What is heard where nothing is chosen. */
  external: ToneChoice;
  doors: Pick<RingDoors, 'tones' | 'files'>;
  isTried: boolean;
  onTry: () => void;
  onChoose: (tone: ToneChoice | undefined) => void;
}

function Tone({ kind, chosen, external, doors: { tones, files }, isTried, onTry, onChoose }: ToneProps) {
  const { t } = useWords();
  const mayFollow = kind !== 'internal' && kind !== 'external';
  const own: { value: ToneChoice; name: string }[] = files.map(({ id, name }) => ({ value: `own:${id}`, name }));
  const isGone = chosen?.startsWith('own:') === true && !own.some(({ value }) => value === chosen);
  const options: { value: ToneChoice | typeof AS_EXTERNAL; name: string }[] = [
    ...(mayFollow ? [{ value: AS_EXTERNAL, name: t('options_ring_as_external') } as const] : []),
    ...tones.map((value) => ({ value, name: t(`ring_tone_${value}`) })),
    ...own,
    ...(isGone && chosen ? [{ value: chosen, name: t('options_ring_file_gone') }] : []),
    { value: 'none', name: t('ring_tone_none') },
  ];
  const label = t(`options_ring_${kind}`);
  return (
    <div class="ring__tone">
      <Choice
        label={label}
        value={chosen ?? AS_EXTERNAL}
        options={options}
        onChoose={(value) => onChoose(value === AS_EXTERNAL ? undefined : value)}
      />
      <Button
        icon={isTried ? 'pause' : 'play'}
        shows="icon"
        label={t(isTried ? 'options_ring_stop' : 'options_ring_try', { name: label })}
        isDisabled={(chosen ?? external) === 'none'}
        onClick={onTry}
      />
    </div>
  );
}

function OwnFiles({ doors }: { doors: RingDoors }) {
  const { t } = useWords();
  const picker = useRef<HTMLInputElement>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const [fault, setFault] = useState<RingFileFault | 'not-kept'>();
  const { files, onAdd, onRemove } = doors;
  return (
    <div class="field">
      <p class="field__label">{t('options_ring_own')}</p>
      {files.length > 0 && (
        <ul class="ring__files">
          {files.map(({ id, name }) => (
            <li key={id}>
              <span class="one-line" title={name}>
                {name}
              </span>
              <Button
                kind="ghost"
                icon="cross"
                shows="icon"
                label={t('options_ring_remove', { name })}
                // The button goes with its row: the focus must not go with it.
                onClick={() => void onRemove(id).finally(() => adder.current?.focus())}
              />
            </li>
          ))}
        </ul>
      )}
      <input
        ref={picker}
        type="file"
        accept="audio/*"
        hidden
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (file) void onAdd(file).then(setFault, () => setFault('not-kept'));
        }}
      />
      <div>
        <Button buttonRef={adder} label={t('options_ring_add')} onClick={() => picker.current?.click()} />
      </div>
      <p class="field__hint">{t('options_ring_own_hint')}</p>
      {fault !== undefined && <Note kind="error" text={t(`ring_file_${fault.replace('-', '_')}` as FaultKey)} />}
    </div>
  );
}

// The key of each reason, which the template cannot spell since keys have no hyphens.
type FaultKey = 'ring_file_too_large' | 'ring_file_too_many' | 'ring_file_no_sound' | 'ring_file_not_kept';
