// The recorded situations of a real Asterisk 16 and 22, replayed: states, causes and journal must be right for each line.
import { afterEach, describe, expect, it } from 'vitest';
import { openPlayer, type Player, readRecording } from './player.ts';

interface Situation {
  recording: string;
  title: string;
  stories: Record<string, string[]>;
  /** What the database holds while it is played. */
  database?: Record<string, string>;
  /** Outcome of each journal entry of a line, and with whom. */
  journal?: Record<string, string[]>;
}

const CLICK = ['prompting', 'dialing', 'ringback'];
const SPOKEN = [...CLICK, 'connected', 'ended: normal'];
const TAKEN = ['offering', 'connected', 'ended: normal'];

const SITUATIONS: readonly Situation[] = [
  {
    recording: '01-originate-answered',
    title: 'a click, both answer',
    stories: { 100: SPOKEN, 101: TAKEN },
    journal: { 100: ['internal answered 101'], 101: ['internal answered 100'] },
  },
  {
    recording: '02-originate-a-declines',
    title: 'a click, the own phone declines',
    stories: { 100: ['prompting', 'ended: ownPhoneNotAnswered'] },
    journal: { 100: ['internal failed 101'], 101: [] },
  },
  {
    recording: '03-originate-a-noanswer',
    title: 'a click, nobody lifts the own phone',
    stories: { 100: ['prompting', 'ended: ownPhoneNotAnswered'] },
    journal: { 100: ['internal failed 101'] },
  },
  {
    recording: '04-originate-b-declines',
    title: 'a click, the far end declines',
    stories: { 100: [...CLICK, 'ended: busy'], 101: ['offering', 'ended: rejected'] },
    journal: { 100: ['internal busy 101'], 101: ['internal missed 100'] },
  },
  {
    recording: '05-originate-b-noanswer',
    title: 'a click, the far end does not answer',
    stories: { 100: [...CLICK, 'ended: noAnswer'], 101: ['offering', 'ended: noAnswer'] },
    journal: { 100: ['internal noAnswer 101'], 101: ['internal missed 100'] },
  },
  { recording: '06-originate-unknown', title: 'a click on a number that leads nowhere', stories: {} },
  { recording: '07-originate-bad-device', title: 'a click for a phone that is not there', stories: {} },
  {
    recording: '08-incoming-internal',
    title: 'a colleague calls and is answered',
    stories: { 100: TAKEN, 101: ['dialing', 'ringback', 'connected', 'ended: normal'] },
    journal: { 100: ['internal answered 101'], 101: ['internal answered 100'] },
  },
  {
    recording: '09-incoming-missed',
    title: 'a colleague gives up',
    stories: { 100: ['offering', 'ended: cancelled'], 101: ['dialing', 'ringback', 'ended: cancelled'] },
    journal: { 100: ['internal missed 101'], 101: ['internal noAnswer 100'] },
  },
  { recording: '10-blf-queries', title: 'questions about lamps', stories: {} },
  {
    recording: '11-blf-sequence',
    title: 'the called phone holds and takes back',
    stories: { 100: SPOKEN, 101: ['offering', 'connected', 'held', 'connected', 'ended: normal'] },
  },
  {
    recording: '12-blind-transfer-ami',
    title: 'a blind transfer',
    stories: { 100: [...CLICK, 'connected', 'ended: transferred'], 101: TAKEN, 102: TAKEN },
    journal: { 100: ['internal answered 101'], 102: ['internal answered 101'] },
  },
  {
    recording: '13-redirect-ami',
    title: 'the far end is sent on',
    stories: { 100: SPOKEN, 101: TAKEN, 102: TAKEN },
    journal: { 102: ['internal answered 101'] },
  },
  {
    recording: '14-atxfer-ami',
    title: 'an attended transfer by feature code, with Local channels between',
    stories: { 100: [...CLICK, 'connected', 'held', 'connected', 'ended: transferred'], 101: TAKEN, 102: TAKEN },
    journal: { 102: ['internal answered 101'] },
  },
  {
    recording: '15-atxfer-cancel',
    title: 'an attended transfer that is taken back',
    stories: { 100: [...CLICK, 'connected', 'held', 'connected', 'ended: normal'], 101: TAKEN, 102: TAKEN },
    journal: { 100: ['internal answered 101'] },
  },
  {
    recording: '16-transfer-by-phone',
    title: 'the called phone transfers',
    stories: { 100: SPOKEN, 101: ['offering', 'connected', 'ended: transferred'], 102: TAKEN },
    journal: { 102: ['internal answered 100'] },
  },
  {
    recording: '17-hold-by-phone',
    title: 'the calling phone holds and takes back',
    stories: { 100: [...CLICK, 'connected', 'held', 'connected', 'ended: normal'], 101: TAKEN },
  },
  {
    recording: '18-pickup',
    title: 'a call is picked up at another phone',
    stories: {
      100: ['dialing', 'ringback', 'connected', 'ended: normal'],
      101: ['offering', 'ended: pickedUp'],
      102: ['dialing', 'connected', 'ended: normal'],
    },
    journal: { 101: ['internal answeredElsewhere 100'], 102: ['internal answered 100'] },
  },
  {
    recording: '19-pickup-by-ami',
    title: 'a call is picked up by an order',
    stories: {
      100: ['dialing', 'ringback', 'connected', 'ended: normal'],
      101: ['offering', 'ended: pickedUp'],
      102: ['prompting', 'dialing', 'connected', 'ended: normal'],
    },
    journal: { 101: ['internal answeredElsewhere 100'], 102: ['internal answered 100'] },
  },
  {
    recording: '20-dnd',
    title: 'a call to somebody who does not want to be disturbed',
    database: { 'DND/101': 'YES' },
    stories: { 100: ['prompting', 'dialing', 'ended: dnd'] },
    journal: { 100: ['internal failed 101'], 101: [] },
  },
  {
    recording: '21-dnd-by-phone',
    title: 'feature codes are calls to codes',
    stories: { 101: ['dialing', 'connected', 'ended: normal', 'dialing', 'connected', 'ended: normal'] },
    journal: { 101: ['outbound answered code', 'outbound answered code'] },
  },
  {
    recording: '22-call-forward',
    title: 'a call that is forwarded',
    stories: { 100: ['dialing', 'ringback', 'connected', 'ended: normal'], 103: TAKEN },
    journal: { 100: ['internal answered 103'], 101: [], 103: ['internal answered 100'] },
  },
  {
    recording: '23-call-waiting',
    title: 'a second call that waits and is missed',
    stories: {
      100: SPOKEN,
      101: ['offering', 'connected', 'offering', 'ended: cancelled', 'ended: normal'],
      102: ['dialing', 'ringback', 'ended: cancelled'],
    },
    journal: { 101: ['internal answered 100', 'internal missed 102'], 102: ['internal noAnswer 101'] },
  },
  { recording: '24-unregister', title: 'a phone logs out and in', stories: {} },
  { recording: '25-permissions', title: 'rights that are missing', stories: {} },
  {
    recording: '26-incoming-trunk',
    title: 'a call from outside',
    stories: { 100: TAKEN },
    journal: { 100: ['inbound answered +49302000000'] },
  },
  {
    recording: '27-auto-answer',
    title: 'a phone that lifts by itself',
    stories: { 102: ['prompting', 'dialing', 'ended: unknown'] },
  },
];

let player: Player;
afterEach(() => player.close());

describe.each(['16', '22'])('recordings of Asterisk %s', (version) => {
  it.each(SITUATIONS)('$recording $title', async ({ recording, stories, journal = {}, database = {} }) => {
    player = await openPlayer();
    for (const [key, value] of Object.entries(database)) player.office.database.set(key, value);
    await player.play(readRecording(`${version}/${recording}`));
    // Whether an order of somebody else is seen before its phone rings differs from run to run.
    const storyOf = (line: string) => player.story(line).filter((step) => step !== 'initiated');
    const told = Object.fromEntries(['100', '101', '102', '103'].map((line) => [line, storyOf(line)]));
    expect(told).toEqual({ 100: [], 101: [], 102: [], 103: [], ...stories });
    for (const [line, entries] of Object.entries(journal)) {
      const seen = (await player.company.entries(line)).map(({ direction, outcome, remote }) => {
        const { number } = remote;
        return `${direction} ${outcome} ${'number' in number ? number.number : number.kind}`;
      });
      expect(seen).toEqual(entries);
    }
    for (const line of ['100', '101', '102', '103']) expect(player.company.line(line).state).toBe('idle');
  });
});
