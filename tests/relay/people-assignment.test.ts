// A list of who has which lines, against what is so: what it would change, what it cannot mean, and that twice is once.
import { RIGHTS } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { type Assignment, type AssignmentGround, planAssignments } from '../../relay/src/people-assignment.ts';
import type { Grant, User } from '../../relay/src/store/store.ts';

const LINES = ['18', '19', '20', '21'].map((extension) => {
  return { lineId: `l${extension}`, pbxId: 'main', lineKey: `key-${extension}`, extension, name: `Desk ${extension}` };
});
const ANNA: User = { userId: 'a.anna', tenantId: 'a', login: 'anna', displayName: 'Anna Sample' };

function own(userId: string, lineId: string): Grant {
  return { userId, lineId, rights: RIGHTS, isOwn: true };
}

function ground(parts: Partial<AssignmentGround> = {}): AssignmentGround {
  const grants: Grant[] = [own('a.anna', 'l18'), own('a.anna', 'l19')];
  return { tenantId: 'a', users: [ANNA], lines: LINES, grants, ...parts };
}

function entry(parts: Partial<Assignment> = {}): Assignment {
  return { place: 1, login: 'anna', isReplacing: false, lines: [{ address: '20' }], ...parts };
}

const signs = (plan: ReturnType<typeof planAssignments>) =>
  plan.changes.map(({ lines }) => lines.map(({ change, line }) => `${change}${line}`).join(' '));

describe('one user', () => {
  test('merged, a line comes to those that are there', () => {
    const plan = planAssignments([entry()], ground());
    expect(signs(plan)).toEqual(['=18 =19 +20']);
    expect(plan.edits).toEqual([{ type: 'put-grant', grant: own('a.anna', 'l20') }]);
  });

  test('replaced, the others go; grants that are no own lines stay', () => {
    const watch: Grant = { userId: 'a.anna', lineId: 'l21', rights: ['watch'], isOwn: false };
    const list = [entry({ isReplacing: true, lines: [{ address: '19' }] })];
    const plan = planAssignments(list, ground({ grants: [own('a.anna', 'l18'), own('a.anna', 'l19'), watch] }));
    expect(signs(plan)).toEqual(['-18 =19']);
    expect(plan.edits).toEqual([{ type: 'remove-grant', userId: 'a.anna', lineId: 'l18' }]);
  });

  test('an own line of a user that is not there yet makes the user, named as the list says', () => {
    const plan = planAssignments([entry({ login: 'ben', name: 'Ben Sample' }), entry({ login: 'cleo' })], ground());
    expect(plan.edits.filter(({ type }) => type === 'add-user')).toEqual([
      { type: 'add-user', user: { userId: 'a.ben', tenantId: 'a', login: 'ben', displayName: 'Ben Sample' } },
      { type: 'add-user', user: { userId: 'a.cleo', tenantId: 'a', login: 'cleo', displayName: 'cleo' } },
    ]);
  });

  test('another friendly name renames; none leaves the name', () => {
    const renamed = planAssignments([entry({ name: 'Anna Beispiel', lines: [] })], ground());
    expect(renamed.changes[0]?.nameBefore).toBe('Anna Sample');
    expect(renamed.edits).toEqual([{ type: 'rename-user', userId: 'a.anna', displayName: 'Anna Beispiel' }]);
    expect(planAssignments([entry({ lines: [] })], ground()).edits).toEqual([]);
  });

  test('several entries count one after the other', () => {
    const list = [
      entry({ isReplacing: true, lines: [{ address: '20' }] }),
      entry({ place: 5, lines: [{ address: '21' }] }),
    ];
    expect(signs(planAssignments(list, ground()))).toEqual(['-18 -19 +20 +21']);
  });

  test('a line is found by its id, and by the phone system’s own key', () => {
    const list = [entry({ lines: [{ permanentId: 'l20' }, { permanentId: 'key-21' }] })];
    expect(signs(planAssignments(list, ground()))).toEqual(['=18 =19 +20 +21']);
  });
});

describe('faults', () => {
  test('an address that fits two lines is told with the permanent ids of both', () => {
    const twin = { lineId: 'l18b', pbxId: 'branch', lineKey: 'k', extension: '18', name: 'Reception' };
    const { faults } = planAssignments(
      [entry({ place: 7, lines: [{ address: '18' }] })],
      ground({ lines: [...LINES, twin] }),
    );
    expect(faults).toEqual([
      {
        place: 7,
        message:
          'Address 18 fits several lines, name one by its id: main Desk 18: PermanentID l18; branch Reception: PermanentID l18b',
      },
    ]);
  });

  test('lines that are not there and names that cannot be are told all at once, each with its place', () => {
    const list = [entry({ place: 2, lines: [{ address: '99' }] }), entry({ place: 9, login: 'müller' })];
    const { faults } = planAssignments(list, ground());
    expect(faults.map(({ place }) => place)).toEqual([2, 9]);
    expect(faults[0]?.message).toContain('there is no line with Address 99');
    expect(faults[1]?.message).toContain('unlike müller');
  });
});

test('what was put in force is found so by the same list: a second time changes nothing', () => {
  const list = [
    entry({ isReplacing: true, lines: [{ address: '20' }], name: 'Anna Beispiel' }),
    entry({ login: 'ben', lines: [{ address: '18' }] }),
  ];
  const before = ground();
  const { edits } = planAssignments(list, before);
  const users = [...before.users];
  let grants = [...before.grants];
  for (const edit of edits) {
    if (edit.type === 'add-user') users.push(edit.user);
    if (edit.type === 'rename-user') users[0] = { ...ANNA, displayName: edit.displayName };
    if (edit.type === 'put-grant') grants.push(edit.grant);
    if (edit.type === 'remove-grant') grants = grants.filter(({ lineId }) => lineId !== edit.lineId);
  }
  const again = planAssignments(list, ground({ users, grants }));
  expect(again.edits).toEqual([]);
  expect(signs(again)).toEqual(['=20', '=18']);
});
