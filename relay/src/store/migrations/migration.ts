// What a step of the database's schema is.

/** One step of the schema. `version` counts from 1 without gaps. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}
