// Facts that only the CRM itself knows at this moment, asked when somebody calls: one GET a contact, bounded in time and size,
// only to addresses that may be asked. What fails is no news: a call is shown without it.

import { locationOf } from '@offhook/protocol/location-settings';
import { numberForms } from '@offhook/protocol/number-forms';
import { encodedValue } from '@offhook/protocol/number-template';
import { type FactFields, factsOf } from './about.ts';
import { createHttp } from './http.ts';
import { valuesAt } from './json.ts';
import { ContactsError, type LiveSource } from './source.ts';

export interface LiveFactsOptions {
  /** `'https://crm.example/api/contacts/{id}'`, with the number's forms as well. */
  url: string;
  headers(): Readonly<Record<string, string>>;
  facts: FactFields;
  privateHosts: readonly string[];
}

const MOST_BYTES = 65_536;
const PLACEHOLDER = /\{([a-z.]+)\}/g;

/** A way to ask one CRM. */
export function createLiveFacts(options: LiveFactsOptions): LiveSource['ask'] {
  return async ({ contactId, number, location }, signal) => {
    const place = location ?? locationOf({ country: 'XX', format: 'international' });
    const forms = number === '' ? {} : numberForms({ kind: 'e164', number }, place);
    const values: Record<string, string | undefined> = { ...forms, id: contactId };
    const url = new URL(options.url.replace(PLACEHOLDER, (_whole, key: string) => encodedValue(values[key] ?? '')));
    const http = createHttp({
      openHosts: new Set(options.privateHosts.map((host) => host.toLowerCase())),
      maxBytes: MOST_BYTES,
      signal,
      headers: { accept: 'application/json', ...options.headers() },
    });
    const reply = await http({ method: 'GET', url });
    if (reply.status !== 200) throw new ContactsError(`${url.host} answered with ${reply.status}`);
    const body = bodyOf(reply.text, url);
    return factsOf(options.facts, (path) => valuesAt(body, path).join(', ') || undefined);
  };
}

function bodyOf(text: string, { host }: URL): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContactsError(`${host} answered with something that is no JSON`, { cause });
  }
}
