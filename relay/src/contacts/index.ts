// Kind of a contact source → its implementation. The one place that names them.
import type { ContactsConfig } from '../config.ts';
import { createCsvSource } from './csv.ts';
import type { ContactSource } from './source.ts';

/** The source that a `contacts` entry of relay.yaml describes. Nothing is read yet. */
export function openContactSource(config: ContactsConfig): ContactSource {
  switch (config.kind) {
    case 'csv':
      return createCsvSource(config);
    default:
      return config.kind satisfies never;
  }
}
