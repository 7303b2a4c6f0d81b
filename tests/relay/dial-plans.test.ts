// Who is told how a phone system dials: who may call from it, and nobody else.
import { expect, test } from 'vitest';
import { dialPlansFor } from '../../relay/src/dial-plans.ts';
import { aGrant, aLine, aViewer, BERLIN } from './builders.ts';

const pbx = [
  { id: 'pbx-1', tenant: 'tenant-1', location: BERLIN },
  { id: 'pbx-2', tenant: 'tenant-1', location: BERLIN },
  { id: 'pbx-9', tenant: 'tenant-9', location: BERLIN },
];
const lines = [aLine(), aLine({ lineId: 'line-2', pbxId: 'pbx-2' })];
const line = (lineId: string) => lines.find((one) => one.lineId === lineId);
const plansFor = (...grants: ReturnType<typeof aGrant>[]) =>
  dialPlansFor(aViewer({ grants }), { pbx, line }).map(({ dialPlanId }) => dialPlanId);

test('who may call from a line is told how its phone system dials', () => {
  expect(dialPlansFor(aViewer(), { pbx, line })).toEqual([{ dialPlanId: 'pbx-1', location: BERLIN }]);
  expect(plansFor(aGrant('user-1', 'line-2', 'control'))).toEqual(['pbx-2']);
  expect(plansFor(aGrant('user-1', '*', 'control'))).toEqual(['pbx-1', 'pbx-2']);
});

test('who only watches is told of no dial plan', () => {
  expect(plansFor(aGrant('user-1', '*', 'watch', 'pickup', 'see-numbers', 'see-names'))).toEqual([]);
});
