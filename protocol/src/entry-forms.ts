// The CRM's own forms in which an agent books a call: where they are, and what an administrator may ask for in their
// addresses. The relay checks templates against these placeholders, the extension fills them. Holds no value of any call.
import * as v from 'valibot';
import { NUMBER_KEYS } from './number-template.ts';

/** The placeholders of a form's address; docs/admin.md says what each is filled with. */
export const ENTRY_KEYS = [
  'contact.id',
  'contact.name',
  'contact.company',
  'contact.source',
  ...NUMBER_KEYS,
  'subject',
  'note',
  'from',
  'to',
  'from.local',
  'to.local',
  'date',
  'minutes',
  'seconds',
  'estimated',
  'direction',
  'outcome',
  'result',
  'line',
  'group',
  'user',
  'call',
] as const;
export type EntryKey = (typeof ENTRY_KEYS)[number];

const template = v.pipe(v.string(), v.maxLength(2048));

/** The address of each form as a template; a form that is not there is not offered. */
export const EntryFormsSchema = v.object({
  activity: v.optional(template),
  time: v.optional(template),
  contact: v.optional(template),
});
export type EntryForms = v.InferOutput<typeof EntryFormsSchema>;

/** What can be entered about a call: an activity (what was it about), time (a service, from when to when), or who it was. */
export type EntryForm = keyof EntryForms;
