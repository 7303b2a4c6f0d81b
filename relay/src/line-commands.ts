// What the command line asks about lines beyond their state: how they are called, and where relay and phone systems differ.
import { lineIdOf } from './call-ids.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import type { ControlItem } from './control-commands.ts';
import type { LineDifference, LineKeeper } from './line-keeper.ts';
import { equalNames, lineNameProblem } from './line-names.ts';

/** The handlers for lines. */
export function lineHandlers({
  lineKeeper,
}: {
  lineKeeper: Pick<LineKeeper, 'differences' | 'accept' | 'named'>;
}): Pick<ControlHandlers, 'lineNames' | 'lineChanges' | 'acceptLines'> {
  return {
    async lineNames({ pattern }, { emit }) {
      const problem = pattern === undefined ? undefined : lineNameProblem(pattern);
      if (problem !== undefined) throw new ControlError('refused', `the pattern ${problem}`);
      const lines = lineKeeper.named(pattern);
      const equal = equalNames(lines);
      for (const { pbxId, extension, name } of lines) {
        const same = equal.find((one) => one.name.toLowerCase() === name.toLowerCase())?.extensions ?? [];
        emit({ pbx: pbxId, extension, name, equals: same.filter((other) => other !== extension) });
      }
    },
    async lineChanges(_args, { emit }) {
      for (const difference of lineKeeper.differences()) emit(itemOf(difference));
    },
    async acceptLines({ lines }, { emit }) {
      const found = lineKeeper.differences();
      const wanted = lines === undefined ? found : found.filter((one) => lines.some((name) => isNamed(one, name)));
      const missing = lines?.find((name) => !found.some((one) => isNamed(one, name)));
      if (missing !== undefined) {
        throw new ControlError('refused', `nothing differs at ${missing}: "relay lines diff" shows what does`);
      }
      await lineKeeper.accept(wanted);
      for (const difference of wanted) emit(itemOf(difference));
    },
  };
}

function isNamed({ pbxId, line, now }: LineDifference, name: string): boolean {
  const names = [line.extension, now?.extension, lineIdOf(pbxId, line.lineKey), `${pbxId}/${line.extension}`];
  return names.includes(name);
}

function itemOf({ pbxId, change, line, now }: LineDifference): ControlItem<'lineChanges'> {
  const { lineKey, extension, name } = line;
  return {
    pbx: pbxId,
    change,
    lineId: lineIdOf(pbxId, lineKey),
    extension,
    name,
    ...(now && { now: { extension: now.extension, name: now.name } }),
  };
}
