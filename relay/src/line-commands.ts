// What the command line asks about lines beyond their state: how they are called, and where relay and phone systems differ.
import { lineIdOf } from './call-ids.ts';
import { ControlError, type ControlHandlers } from './control.ts';
import type { ControlItem } from './control-commands.ts';
import type { LineDifference, LineKeeper } from './line-keeper.ts';
import { equalNames, lineNameProblem } from './line-names.ts';
import type { Store } from './store/store.ts';

type GrantStore = Pick<Store, 'grants' | 'groups' | 'workstations'>;

/** The handlers for lines. */
export function lineHandlers({
  lineKeeper,
  store,
}: {
  lineKeeper: Pick<LineKeeper, 'differences' | 'accept' | 'named'>;
  store: GrantStore;
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
      for (const item of await itemsOf(lineKeeper.differences(), store)) emit(item);
    },
    async acceptLines({ lines }, { emit }) {
      const found = lineKeeper.differences();
      const wanted = lines === undefined ? found : found.filter((one) => lines.some((name) => isNamed(one, name)));
      for (const name of lines ?? []) refuseUnclear(found, name);
      // What ends with a line can be counted before only.
      const items = await itemsOf(wanted, store);
      await lineKeeper.accept(wanted);
      for (const item of items) emit(item);
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

async function itemsOf(
  differences: readonly LineDifference[],
  store: GrantStore,
): Promise<ControlItem<'lineChanges'>[]> {
  if (!differences.some(({ change }) => change === 'vanished')) return differences.map((one) => itemOf(one, 0));
  const groups = await store.groups();
  const granted = [
    ...(await store.grants()),
    ...groups.flatMap(({ grants }) => grants),
    ...(await store.workstations()),
  ].map(({ lineId }) => lineId);
  const countOf = (wanted: string) => granted.filter((lineId) => lineId === wanted).length;
  return differences.map((one) => itemOf(one, one.change === 'vanished' ? countOf(idOf(one)) : 0));
}

function idOf({ pbxId, line }: LineDifference): string {
  return lineIdOf(pbxId, line.lineKey);
}

function itemOf(difference: LineDifference, grants: number): ControlItem<'lineChanges'> {
  const { pbxId, change, line, now } = difference;
  const { extension, name } = line;
  return {
    pbx: pbxId,
    change,
    lineId: idOf(difference),
    extension,
    name,
    ...(grants > 0 && { grants }),
    ...(now && { now: { extension: now.extension, name: now.name } }),
  };
}
