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
      for (const name of lines ?? []) refuseUnclear(found, name);
      await lineKeeper.accept(wanted);
      for (const difference of wanted) emit(itemOf(difference));
    },
  };
}

// The same extension at another phone system may be another company's.
function refuseUnclear(found: readonly LineDifference[], name: string): void {
  const places = new Set(found.filter((one) => isNamed(one, name)).map(({ pbxId }) => pbxId));
  if (places.size === 0) {
    throw new ControlError('refused', `nothing differs at ${name}: "relay lines diff" shows what does`);
  }
  if (places.size > 1) {
    const words = [...places].map((pbxId) => `${pbxId}/${name}`).join(' or ');
    throw new ControlError('refused', `${name} differs at several phone systems: say ${words}`);
  }
}

function isNamed({ pbxId, line, now }: LineDifference, name: string): boolean {
  const extensions = [line.extension, ...(now ? [now.extension] : [])];
  const placed = extensions.map((extension) => `${pbxId}/${extension}`);
  return [lineIdOf(pbxId, line.lineKey), ...extensions, ...placed].includes(name);
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
