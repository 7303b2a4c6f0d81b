// Site rules out of this browser and into it, as a file. Before anything changes it is shown what would, and what cannot
// be used; afterwards it can be undone.
import { useRef, useState } from 'preact/hooks';
import type { RulesDoors } from '#lib/site-doors.ts';
import type { ReadRules, RuleFault, RulePreview } from '#lib/site-rules-file.ts';
import type { Words } from '#lib/words.ts';
import { Button } from './Button.tsx';
import { Note } from './Note.tsx';
import { useWords } from './words.ts';

type Step =
  | { type: 'idle' }
  | { type: 'too-large' }
  | { type: 'applied'; count: number; before: RulePreview['before'] }
  | { type: 'undone' }
  | ReadRules;

const MAX_BYTES = 1_000_000;

/** Two buttons, and what came of them. */
export function SiteRulesFile({ onExport, read, onPut, hasRules }: RulesDoors & { hasRules: boolean }) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [step, setStep] = useState<Step>({ type: 'idle' });

  async function choose(file: File | undefined): Promise<void> {
    if (!file) return;
    setStep(file.size > MAX_BYTES ? { type: 'too-large' } : read(await file.text()));
  }

  async function apply({ rules, before }: RulePreview): Promise<void> {
    await onPut(rules);
    setStep({ type: 'applied', count: Object.keys(rules).length, before });
  }

  async function undo(before: RulePreview['before']): Promise<void> {
    await onPut(before);
    setStep({ type: 'undone' });
  }

  return (
    <div class="rules-file">
      <div>
        <h3 class="rules-file__title">{t('rules_title')}</h3>
        <p class="small muted">{t('rules_hint')}</p>
      </div>
      <div class="rules-file__actions">
        <Button label={t('rules_export')} isDisabled={!hasRules} onClick={onExport} />
        <Button label={t('rules_import')} onClick={() => input.current?.click()} />
        <input
          ref={input}
          type="file"
          accept=".json,application/json"
          aria-label={t('rules_import')}
          hidden
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0]);
            // The same file again is a change, too.
            event.currentTarget.value = '';
          }}
        />
      </div>
      <Outcome step={step} onUndo={undo} />
      {step.type === 'read' && (
        <Preview preview={step} onApply={() => void apply(step)} onCancel={() => setStep({ type: 'idle' })} />
      )}
    </div>
  );
}

function Outcome({ step, onUndo }: { step: Step; onUndo: (before: RulePreview['before']) => Promise<void> }) {
  const { t, plural } = useWords();
  switch (step.type) {
    case 'too-large':
      return <Note kind="error" text={t('rules_unreadable_too_large')} />;
    case 'unreadable': {
      const keys = { 'no-json': 'no_json', 'no-rules': 'no_rules', newer: 'newer' } as const;
      return <Note kind="error" text={t(`rules_unreadable_${keys[step.why]}`)} />;
    }
    case 'applied':
      return (
        <div class="rules-file__actions">
          <Note kind="done" text={plural('rules_applied', step.count)} />
          <Button label={t('rules_undo')} onClick={() => void onUndo(step.before)} />
        </div>
      );
    case 'undone':
      return <Note kind="done" text={t('rules_undone')} />;
    default:
      return null;
  }
}

interface PreviewProps {
  preview: RulePreview;
  onApply: () => void;
  onCancel: () => void;
}

function Preview({ preview, onApply, onCancel }: PreviewProps) {
  const words = useWords();
  const { t, plural } = words;
  const { changes, faults } = preview;
  const count = Object.keys(preview.rules).length;
  return (
    <section class="rules-file__preview" aria-label={t('rules_preview')}>
      <h4 class="rules-file__title">{t('rules_preview')}</h4>
      {count === 0 && faults.length === 0 && <p>{t('rules_preview_nothing')}</p>}
      <ul class="rules-file__list">
        {changes.map(({ site, kind }) => (
          <li key={site}>
            <bdi>{site.replace(/^https:\/\//, '')}</bdi> <span class="muted">· {t(`rules_kind_${kind}`)}</span>
          </li>
        ))}
      </ul>
      {faults.length > 0 && (
        <div role="alert">
          <p>{t('rules_faults_left_out')}</p>
          <ul class="rules-file__list">
            {faults.map((fault) => (
              <li key={fault.position}>{faultText(fault, words)}</li>
            ))}
          </ul>
        </div>
      )}
      {count > 0 && <p class="small muted">{t('rules_others_stay')}</p>}
      <div class="rules-file__actions">
        {count > 0 && <Button kind="primary" label={plural('rules_apply', count)} onClick={onApply} />}
        <Button label={t('action_cancel')} onClick={onCancel} />
      </div>
    </section>
  );
}

function faultText({ position, site = '', field = '', kind }: RuleFault, { t }: Words): string {
  switch (kind) {
    case 'site':
      return site === '' ? t('rules_fault_no_site', { position }) : t('rules_fault_site', { position, site });
    case 'twice':
      return t('rules_fault_twice', { position, site });
    case 'unknown-field':
      return t('rules_fault_unknown_field', { position, site, field });
    case 'field':
      return t('rules_fault_field', { position, site, field });
    default:
      kind satisfies never;
      return '';
  }
}
