// Every migration, in order. Forward only: a version that was released is never changed and never taken back.
import { firstSchema } from './0001-first.ts';
import { notesAndLabels } from './0002-notes.ts';
import { journalTruth } from './0003-journal-truth.ts';
import { groupsAndTenants } from './0004-groups.ts';
import { journalAge } from './0005-journal-age.ts';
import { deviceEnrolment } from './0006-device-enrolment.ts';
import { partialCalls } from './0007-partial-calls.ts';
import { contactSources } from './0008-contact-sources.ts';
import { numberContacts } from './0009-number-contacts.ts';
import { userAccounts } from './0010-user-accounts.ts';
import type { Migration } from './migration.ts';

/** All steps; the last one's version is what this relay works with. */
export const MIGRATIONS: readonly Migration[] = [
  firstSchema,
  notesAndLabels,
  journalTruth,
  groupsAndTenants,
  journalAge,
  deviceEnrolment,
  partialCalls,
  contactSources,
  numberContacts,
  userAccounts,
];
