// `relay policy test NUMBER`: what would become of a number, step by step, without dialling it. Without a user the file is
// asked, so that a dial plan can be tried before a relay runs with it; with one, the running relay.
import type { Location } from '@offhook/protocol';
import { type DiallingExplanation, explainDialling } from '@offhook/protocol/explain-dialling';
import { defineCommand } from 'citty';
import type { ControlItem } from '../control-commands.ts';
import { counted } from './count.ts';
import { diallingLines, remedyFor } from './dial-words.ts';
import { askRelay, CliError, configAt, inWords, jsonArg, placeArgs, print } from './terminal.ts';

// Who may operate every line of a company need not read them all.
const MOST_LINES = 10;

/** One number from one phone system. */
interface Tested extends DiallingExplanation {
  pbx: string;
  text: string;
  location: Location;
  remedy?: string | undefined;
}

const testCommand = defineCommand({
  meta: { name: 'test', description: 'Explain what would be dialled for a number, without dialling it' },
  args: {
    number: { type: 'positional', description: 'Number, as somebody would write it', required: true },
    user: {
      type: 'string',
      description: 'Whether this user may, from which lines, how often still',
      valueHint: 'USER',
    },
    pbx: { type: 'string', description: 'Only this phone system', valueHint: 'ID' },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    const { number: text, user, pbx } = args;
    if (text.trim() === '') throw new CliError('there is no number: write it in quotes, such as "+49 30 23125042"');
    if (user === undefined) {
      const places = configAt(args).pbx.map(({ id, location }) => ({ pbx: id, location }));
      const tested = chosen(places, pbx).map((place) => testAt(text, place));
      for (const one of tested) print(args, one, inText);
      return finish(tested.some(({ verdict }) => verdict.decision !== 'refused'));
    }
    await askRelay(args, 'callers', { user }, (caller) => {
      const { left, places } = caller;
      const tested = chosen(places, pbx).map((place) => ({ ...testAt(text, place), lines: place.lines }));
      for (const one of tested) print(args, { user: caller.user, left, ...one }, inTextFor(caller));
      const isLeft = left.hour > 0 && left.minute > 0;
      const canCall = tested.some(
        ({ verdict, lines }) => verdict.decision !== 'refused' && lines.some(({ obstacle }) => obstacle === undefined),
      );
      finish(canCall && isLeft);
    });
  }),
});

/** `relay policy …` */
export const policyCommand = defineCommand({
  meta: { name: 'policy', description: 'Look at the rules for numbers' },
  subCommands: { test: testCommand },
});

function testAt(text: string, { pbx, location }: { pbx: string; location: Location }): Tested {
  const explained = explainDialling(text, location);
  const remedy = remedyFor(text, location, explained);
  return { pbx, text, location, ...explained, ...(remedy !== undefined && { remedy }) };
}

function chosen<Place extends { pbx: string }>(places: readonly Place[], pbx: string | undefined): readonly Place[] {
  const found = places.filter((place) => pbx === undefined || place.pbx === pbx);
  if (found.length > 0) return found;
  if (pbx === undefined) {
    throw new CliError('there is no line to call from: add a phone system under "pbx", or grant the user a line');
  }
  const known = places.map((place) => place.pbx).join(', ');
  throw new CliError(`no phone system to call from is called ${pbx}${known === '' ? '' : `: there are ${known}`}`);
}

// For scripts: 0 when it would be dialled.
function finish(isDialled: boolean): void {
  process.exitCode = isDialled ? 0 : 1;
}

function inText(tested: Tested): string {
  const { pbx, text, location, remedy } = tested;
  const area = location.areaCode === undefined ? '' : `, area ${location.areaCode}`;
  return [
    `"${text}" from phone system ${pbx} (${location.country}${area}, ${location.format})`,
    ...diallingLines(text, location, tested).map((line) => `  ${line}`),
    ...(remedy === undefined ? [] : [`  remedy    ${remedy}`]),
  ].join('\n');
}

type Caller = ControlItem<'callers'>;

function inTextFor({ user, left }: Caller) {
  return (tested: Tested & { lines: Caller['places'][number]['lines'] }): string => {
    const ownFirst = tested.lines.toSorted((a, b) => Number(b.isOwn) - Number(a.isOwn));
    const shown = ownFirst.slice(0, MOST_LINES).map(lineWords);
    const more = ownFirst.length > MOST_LINES ? [`and ${ownFirst.length - MOST_LINES} more`] : [];
    return [
      inText(tested),
      `  ${user} may call from ${[...shown, ...more].join(', ')}`,
      `  ${user} may still start ${counted(left.hour, 'call')} within this hour, ${left.minute} within this minute`,
    ].join('\n');
  };
}

function lineWords({ extension, name, isOwn, obstacle }: Caller['places'][number]['lines'][number]): string {
  const words = { 'not-supported': ', which cannot start calls', 'pbx-unreachable': ', which cannot be reached now' };
  return `line ${extension} (${name}${isOwn ? ', own' : ''}${obstacle === undefined ? '' : words[obstacle]})`;
}
