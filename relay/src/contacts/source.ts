// The contract between the relay and a place where contacts come from. A source reads and translates; it stores nothing,
// matches nothing and never keeps a connection open between two imports.
import type { Location } from '@offhook/protocol';
import type { StoredContact } from '../store/store.ts';

/**
 * A record that could not be taken over, whole or in part. `line` counts from 1: a file's line, else the how-manieth record
 * it was; `place` is the record's own name where it has one (`'cn=Anna Sample,dc=example'`); `reason` in words for the admin.
 */
export interface RowFault {
  line: number;
  place?: string;
  reason: string;
}

/**
 * What became of one written number. `doubtful`: taken over, but somebody should look at it; `failed`: left out. `number` is
 * what the directory knows it by; `proposal` what to write in the source instead, always in the international form.
 */
export interface JudgedNumber {
  line: number;
  place?: string;
  id?: string;
  name: string;
  /** Column, attribute or property, as the source calls it. */
  field: string;
  text: string;
  verdict: 'good' | 'doubtful' | 'failed';
  number?: string;
  reason?: string;
  proposal?: string;
}

/** Which part of a record is taken for what, for whoever sets up a source. */
export interface FieldMapping {
  title: string;
  field: string;
  label?: string;
}

/** What the import before left behind: the source's own mark, and the contacts that it stands for. */
export interface LastImport {
  mark: string;
  contacts: readonly StoredContact[];
}

export interface ReadOptions {
  signal?: AbortSignal;
  onFault(fault: RowFault): void;
  /** Each written number, once. */
  onNumber?(judged: JudgedNumber): void;
  /** Once, before the first contact. */
  onMapping?(mapping: readonly FieldMapping[]): void;
  /** Now and then: how many records were read, and of how many where the source says so. */
  onProgress?(progress: { records: number; total?: number }): void;
  /** A source that can, asks for the changes since then only; the contacts are all of them in any case. */
  last?: LastImport;
  /** What to hand back as `last.mark` at the next import. Counts when the import is complete. */
  onMark?(mark: string): void;
}

export interface ContactSource {
  /**
   * All contacts, one by one, with numbers in E.164. Records that are odd are reported and left out; a source that cannot be
   * read at all throws ContactsError.
   */
  read(options: ReadOptions): AsyncIterable<StoredContact>;
}

/** Whom is asked about. */
export interface LiveSubject {
  /** The source's own id. */
  contactId: string;
  /** E.164; `''` where no number is meant. */
  number: string;
  location: Location | undefined;
}

/** How the CRM behind a source is asked, how long a call's view waits for it, and how long its answer serves. */
export interface LiveSource {
  budgetMs: number;
  keepMs: number;
  /** Rejects with ContactsError, or what the signal was aborted with. */
  ask(subject: LiveSubject, signal: AbortSignal): Promise<readonly { label: string; text: string }[]>;
}

/** How much a source may bring. Fields are counted in UTF-16 units. */
export interface ReadLimits {
  maxBytes: number;
  maxRows: number;
  maxFieldLength: number;
  maxFields: number;
}

/** What is enough for the address book of a large company. */
export const DEFAULT_LIMITS: ReadLimits = {
  maxBytes: 50_000_000,
  maxRows: 500_000,
  maxFieldLength: 65_536,
  maxFields: 200,
};

/** A source could not be read. `message` says what and what to do; `line` where it is a text file's. */
export class ContactsError extends Error {
  override readonly name = 'ContactsError';
  readonly line: number | undefined;
  constructor(message: string, options?: ErrorOptions & { line?: number | undefined }) {
    super(message, options);
    this.line = options?.line;
  }
}
