// What the store keeps of contacts beside what their sources say: whom a number belongs to by the word of an agent. Types
// alone, a part of store.ts.

/** What a source says of a contact beyond name and numbers. */
export interface ContactAbout {
  facts?: { label: string; text: string }[] | undefined;
  vip?: boolean | undefined;
  doNotCall?: boolean | undefined;
}

/** An agent's word on whom a number belongs to; `contactId` with its source, `'crm:42'`. */
export interface NumberContact {
  tenantId: string;
  /** E.164. */
  number: string;
  contactId: string;
  chosenAt: string;
}

/** The part of the store that keeps it. */
export interface NumberContactStore {
  /** The latest choice first. */
  numberContacts(): Promise<NumberContact[]>;
  /** Once more moves the time of the choice. */
  putNumberContact(chosen: NumberContact): Promise<void>;
  /** Without a contact all of the number's; answers how many there were. */
  removeNumberContact(chosen: Pick<NumberContact, 'tenantId' | 'number'> & { contactId?: string }): Promise<number>;
}
