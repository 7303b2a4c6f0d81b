// The contract between the relay and a place where contacts come from. A source reads and translates; it stores nothing,
// matches nothing and never keeps a connection open between two imports.
import type { StoredContact } from '../store/store.ts';

/** A row that could not be taken over, whole or in part. `line` counts from 1; `reason` in words for the admin. */
export interface RowFault {
  line: number;
  reason: string;
}

export interface ContactSource {
  /**
   * All contacts, one by one, with numbers in E.164. Rows that are odd are reported and left out; a source that cannot be
   * read at all throws ContactsError.
   */
  read(options: { signal?: AbortSignal; onFault: (fault: RowFault) => void }): AsyncIterable<StoredContact>;
}

/** A source could not be read. `message` says what and what to do; `line` where it is a text file's. */
export class ContactsError extends Error {
  override readonly name = 'ContactsError';
  readonly line: number | undefined;
  constructor(message: string, options?: ErrorOptions & { line?: number | undefined }) {
    super(message, options);
    this.line = options?.line;
  }
}
