// Reads a source to its end, as an import does, and keeps all that it says.
import type {
  ContactSource,
  FieldMapping,
  JudgedNumber,
  LastImport,
  RowFault,
} from '../../../relay/src/contacts/source.ts';
import type { StoredContact } from '../../../relay/src/store/store.ts';

export interface Reading {
  contacts: StoredContact[];
  faults: RowFault[];
  numbers: JudgedNumber[];
  mapping: FieldMapping[];
  mark: string | undefined;
  /** What the next import gets. */
  last(): LastImport;
}

export async function readWhole(source: ContactSource, last?: LastImport, signal?: AbortSignal): Promise<Reading> {
  const contacts: StoredContact[] = [];
  const faults: RowFault[] = [];
  const numbers: JudgedNumber[] = [];
  const mapping: FieldMapping[] = [];
  let mark: string | undefined;
  const reading = source.read({
    onFault: (fault) => faults.push(fault),
    onNumber: (judged) => numbers.push(judged),
    onMapping: (found) => mapping.push(...found),
    onMark: (made) => {
      mark = made;
    },
    ...(last && { last }),
    ...(signal && { signal }),
  });
  for await (const contact of reading) contacts.push(contact);
  return { contacts, faults, numbers, mapping, mark, last: () => ({ mark: mark ?? '', contacts }) };
}
