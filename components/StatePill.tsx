// A state in one word with a dot or an icon: of a line or of a call. What is not known, or no longer, is never shown as a
// state.
import type { Call, Line } from '@offhook/protocol';
import type { PlainKey } from '#lib/i18n.ts';
import type { Words } from '#lib/words.ts';
import { Icon, type IconName } from './icons.tsx';
import { useWords } from './words.ts';

type Tone = 'free' | 'ringing' | 'busy' | 'held' | 'danger' | 'quiet';

interface Look {
  tone: Tone;
  icon?: IconName;
}

const CALL_LOOKS: Record<Call['state'], Look> = {
  initiated: { tone: 'quiet' },
  prompting: { tone: 'ringing', icon: 'bell' },
  dialing: { tone: 'quiet', icon: 'outgoing' },
  ringback: { tone: 'ringing', icon: 'bell' },
  queued: { tone: 'held', icon: 'people' },
  offering: { tone: 'ringing', icon: 'bell' },
  connected: { tone: 'free' },
  held: { tone: 'held', icon: 'pause' },
  failed: { tone: 'danger', icon: 'cross' },
  ended: { tone: 'quiet' },
  unknown: { tone: 'quiet', icon: 'question' },
};

const LINE_LOOKS: Record<Line['state'], Look> = {
  idle: { tone: 'free' },
  ringing: { tone: 'ringing', icon: 'bell' },
  busy: { tone: 'busy' },
  busyRinging: { tone: 'ringing', icon: 'bell' },
  held: { tone: 'held', icon: 'pause' },
  unavailable: { tone: 'quiet', icon: 'minus' },
  unknown: { tone: 'quiet', icon: 'question' },
};

/** How old the picture is: `asOf` undefined means that it is the present. */
export interface Age {
  now: number;
  /** Since when nothing is known, milliseconds since 1970. */
  staleSince: number | undefined;
  isFresh: boolean;
}

/** The state of a line, seen from a watcher. */
export function LinePill({ line, age }: { line: Line; age: Age }) {
  const words = useWords();
  if (!age.isFresh) return <Pill look={LINE_LOOKS.unknown} text={unknownText(words, age.staleSince, age.now)} />;
  if (line.state === 'unknown') {
    return <Pill look={LINE_LOOKS.unknown} text={unknownText(words, Date.parse(line.asOf), age.now)} />;
  }
  // A ringing or talking line says so; "do not disturb" is what matters about one that is free.
  if (line.dnd === true && line.state === 'idle') {
    return <Pill look={{ tone: 'danger', icon: 'minus' }} text={words.t('line_dnd')} />;
  }
  return <Pill look={LINE_LOOKS[line.state]} text={words.t(lineKey(line))} />;
}

/** The state of a call on one's own line. */
export function CallPill({ call, age }: { call: Call; age: Age }) {
  const words = useWords();
  if (!age.isFresh && call.state !== 'ended') {
    return <Pill look={CALL_LOOKS.unknown} text={unknownText(words, age.staleSince, age.now)} />;
  }
  return <Pill look={CALL_LOOKS[call.state]} text={words.t(`call_state_${call.state}`)} />;
}

function lineKey(line: Line): PlainKey {
  if (line.state === 'unavailable' && line.unavailableReason === 'noPhone') return 'line_no_phone';
  if (line.state === 'unavailable' && line.unavailableReason === 'pbxUnreachable') return 'line_pbx_unreachable';
  return `line_state_${line.state}`;
}

function unknownText({ t, moment }: Words, since: number | undefined, now: number): string {
  return since === undefined || Number.isNaN(since)
    ? t('line_state_unknown')
    : t('line_unknown_since', { time: moment(since, now) });
}

function Pill({ look, text }: { look: Look; text: string }) {
  return (
    <span class={`pill pill--${look.tone}`}>
      {look.icon ? <Icon name={look.icon} /> : <span class="pill__dot" />}
      <span class="one-line">{text}</span>
    </span>
  );
}
