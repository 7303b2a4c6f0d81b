// What is asked and answered about contacts: whose number it is, what is known of somebody, what was spoken before. Schemas of
// the wire, a part of messages.ts.
import * as v from 'valibot';
import { FactSchema, FoundContactSchema, IdSchema, itemsOf } from './entities.ts';
import { PhoneNumberSchema } from './telephony.ts';

const text = (maxLength: number) => v.pipe(v.string(), v.maxLength(maxLength));

/** Answers `lookup` and `search`: the best first. */
export const ContactsAnswerSchema = v.object({
  type: v.literal('contacts'),
  id: IdSchema,
  matches: itemsOf(FoundContactSchema, 100),
  more: v.boolean(),
});
/** Answers `facts`: what is known of a contact. `complete`: nothing more will come. */
export const FactsAnswerSchema = v.object({
  type: v.literal('facts'),
  id: IdSchema,
  facts: itemsOf(FactSchema, 20),
  complete: v.boolean(),
});
/** Whose number it is. */
export const LookupRequestSchema = v.object({ type: v.literal('lookup'), id: IdSchema, number: PhoneNumberSchema });
/** Contacts by name, company or digits. */
export const SearchRequestSchema = v.object({
  type: v.literal('search'),
  id: IdSchema,
  text: text(128),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)),
});
/**
 * Says whom a number belongs to, for the whole company: which of several contacts, or one that no source has it for. `undo`
 * takes that back. The `result` says that it is kept; the calls with the number are told of anew.
 */
export const AssignContactRequestSchema = v.object({
  type: v.literal('assign-contact'),
  id: IdSchema,
  number: PhoneNumberSchema,
  contactId: IdSchema,
  undo: v.optional(v.boolean()),
});
/** Past calls with one contact, or with a number that is nobody's, on all lines that the viewer watches: a `journal` page. */
export const HistoryRequestSchema = v.object({
  type: v.literal('history'),
  id: IdSchema,
  contactId: v.optional(IdSchema),
  number: v.optional(PhoneNumberSchema),
  before: v.optional(text(64)),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50))),
});
/** What is known of a contact besides its numbers; with `wait` what the CRM says now, too, within the budget of its source. */
export const FactsRequestSchema = v.object({
  type: v.literal('facts'),
  id: IdSchema,
  contactId: IdSchema,
  /** The number that it was met by, for the CRM's address. */
  number: v.optional(PhoneNumberSchema),
  wait: v.optional(v.boolean()),
});
