// What every source makes of a row, an entry, a card or an object, before it becomes a contact: the same for all, so that a
// number, a name or an address is judged by one rule wherever it came from.

/** A number as the source has it. */
export interface RecordNumber {
  text: string;
  /** Where it stands, as the source calls it: `'column 2'`, `'telephoneNumber'`. */
  field: string;
  label?: string | undefined;
  isFax: boolean;
}

/** One record, nothing of it cleaned or checked yet. Empty texts stand for what is not there. */
export interface SourceRecord {
  /** A file's line, else the how-manieth record it is, from 1. */
  line: number;
  /** Its own name in the source, if it has one that people know. */
  place?: string;
  /** What the CRM calls it. */
  id: string;
  /** By what the source itself knows it; goes before the id as what makes it the same from import to import. */
  key?: string;
  name: string;
  firstName: string;
  lastName: string;
  company: string;
  url: string;
  emails: readonly string[];
  numbers: readonly RecordNumber[];
  /** Whether there is anything in it at all. */
  isEmpty: boolean;
  /** Any other part of the record by the name that the source gives it. */
  get(name: string): string | undefined;
}
