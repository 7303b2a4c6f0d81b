// "Will I notice a call?": looks at everything that a call needs to be noticed, then rings for a test and asks. For each
// thing that is not as it should be it says what to do about it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from './Button.tsx';
import { Icon, type IconName } from './icons.tsx';
import { Note } from './Note.tsx';
import type { OptionsProps } from './OptionsView.tsx';
import { Panel } from './Panel.tsx';
import { isQuiet } from './QuietNote.tsx';
import { useNow } from './use-now.ts';
import { useWords } from './words.ts';

// Time to put another window in front: that is how most calls come.
const LEAD_SECONDS = 5;

type Probe = 'asking' | 'good' | 'bad';
type Step =
  | { type: 'idle' }
  | { type: 'waiting'; secondsLeft: number }
  | { type: 'ringing' }
  | { type: 'noticed' }
  | { type: 'missed' }
  /** The test call could not be made. */
  | { type: 'failed' };

interface Test {
  step: Step;
  permission: Probe | undefined;
  tone: Probe | undefined;
}

const IDLE: Test = { step: { type: 'idle' }, permission: undefined, tone: undefined };

type NoticeTestProps = Pick<OptionsProps, 'state' | 'settings' | 'notice' | 'send'>;

/** The test with its checks. */
export function NoticeTest(props: NoticeTestProps) {
  const { t } = useWords();
  const { test, start, answer } = useTest(props);
  return (
    <Panel title={t('notice_title')} hint={t('notice_hint')}>
      <Checks {...props} test={test} />
      <div class="notice__ask" role="status">
        <Question test={test} onAnswer={answer} />
      </div>
      {test.step.type === 'missed' && <Remedies {...props} />}
      {test.step.type !== 'waiting' && test.step.type !== 'ringing' && (
        <div>
          <Button
            kind={test.step.type === 'idle' ? 'primary' : 'plain'}
            icon="bell"
            label={t(test.step.type === 'idle' ? 'notice_start' : 'notice_again')}
            onClick={start}
          />
        </div>
      )}
    </Panel>
  );
}

function useTest({ notice, send }: NoticeTestProps) {
  const [test, setTest] = useState<Test>(IDLE);
  const round = useRef(0);
  const put = (change: Partial<Test>) => setTest((before) => ({ ...before, ...change }));
  useEffect(
    () => () => {
      round.current += 1;
    },
    [],
  );

  async function ring(asked: number): Promise<void> {
    for (let secondsLeft = LEAD_SECONDS; secondsLeft > 0; secondsLeft -= 1) {
      put({ step: { type: 'waiting', secondsLeft } });
      await new Promise((done) => setTimeout(done, 1000));
      if (asked !== round.current) return;
    }
    const isRinging = await succeeds(send('sample-call', {}));
    if (asked === round.current) put({ step: { type: isRinging ? 'ringing' : 'failed' } });
  }

  return {
    test,
    start() {
      round.current += 1;
      const asked = round.current;
      setTest({ ...IDLE, permission: 'asking', tone: 'asking' });
      const keep = (probe: 'permission' | 'tone') => (isGood: boolean) => {
        if (asked === round.current) put({ [probe]: isGood ? 'good' : 'bad' });
      };
      void notice
        .permission()
        .then((permission) => permission === 'granted')
        .catch(() => false)
        .then(keep('permission'));
      void succeeds(notice.playTone()).then(keep('tone'));
      void ring(asked);
    },
    answer: (type: 'noticed' | 'missed') => put({ step: { type } }),
  };
}

async function succeeds(promise: Promise<unknown>): Promise<boolean> {
  try {
    await promise;
    return true;
  } catch {
    return false;
  }
}

function Checks({ state, settings, test }: NoticeTestProps & { test: Test }) {
  const words = useWords();
  const { t } = words;
  const now = useNow();
  const { quietUntil } = settings;
  const isUp = state.link.type === 'online';
  const code = 'code' in state.link ? state.link.code : undefined;
  return (
    <ul class="checks">
      <Check
        probe={isUp ? 'good' : 'bad'}
        name={t('notice_link')}
        remedy={code === undefined ? t('notice_link_fix') : words.error(code)}
      />
      {isQuiet(quietUntil, now) && (
        <Check
          probe="bad"
          name={t('notice_quiet')}
          remedy={t('notice_quiet_on', { time: words.moment(quietUntil, now) })}
        />
      )}
      <Check
        probe={settings.notifies ? test.permission : 'bad'}
        name={t('notice_notification')}
        remedy={t(settings.notifies ? 'notice_notification_fix' : 'notice_notification_off')}
      />
      <Check
        probe={settings.showsCallerWindow ? 'good' : 'bad'}
        name={t('notice_window')}
        remedy={t('notice_window_off')}
      />
      <Check probe={test.tone} name={t('notice_tone')} remedy={t('notice_tone_fix')} />
    </ul>
  );
}

const PROBE_LOOKS = {
  good: { icon: 'check', key: 'notice_good' },
  bad: { icon: 'warning', key: 'notice_bad' },
  asking: { icon: 'clock', key: 'notice_not_checked' },
  none: { icon: 'minus', key: 'notice_not_checked' },
} as const satisfies Record<string, { icon: IconName; key: string }>;

function Check({ probe, name, remedy }: { probe: Probe | undefined; name: string; remedy: string }) {
  const { t } = useWords();
  const { icon, key } = PROBE_LOOKS[probe ?? 'none'];
  return (
    <li class={`check check--${probe ?? 'none'}`}>
      <Icon name={icon} />
      <div class="check__text">
        <p>
          {name} <span class="small muted">{t(key)}</span>
        </p>
        {probe === 'bad' && <p class="small muted">{remedy}</p>}
      </div>
    </li>
  );
}

function Question({ test: { step }, onAnswer }: { test: Test; onAnswer: (answer: 'noticed' | 'missed') => void }) {
  const { t, plural } = useWords();
  switch (step.type) {
    case 'idle':
      return null;
    case 'waiting':
      return <p>{plural('notice_wait', step.secondsLeft)}</p>;
    case 'ringing':
      return (
        <>
          <p>{t('notice_question')}</p>
          <div class="notice__answers">
            <Button kind="primary" icon="check" label={t('notice_yes')} onClick={() => onAnswer('noticed')} />
            <Button label={t('notice_no')} onClick={() => onAnswer('missed')} />
          </div>
        </>
      );
    case 'noticed':
      return <Note kind="done" text={t('notice_done')} />;
    case 'missed':
      return <p class="notice__lead">{t('notice_missed')}</p>;
    case 'failed':
      return <Note kind="error" text={t('notice_failed')} />;
    default:
      return step satisfies never;
  }
}

// What the browser cannot see by itself, the most frequent cause first.
function Remedies({ settings }: NoticeTestProps) {
  const { t } = useWords();
  return (
    <ol class="notice__remedies">
      <li>{t('notice_fix_focus')}</li>
      <li>{t('notice_fix_system')}</li>
      <li>{t('notice_fix_sound')}</li>
      {!settings.showsCallerWindow && <li>{t('notice_window_off')}</li>}
      <li>{t('notice_fix_background')}</li>
    </ol>
  );
}
