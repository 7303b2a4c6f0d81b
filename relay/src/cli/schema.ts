// `relay schema`: the configuration's JSON Schema, so that editors complete and check relay.yaml while it is written. It is
// made from the schema that reads the file; what that one alone can check, `relay config check` tells.
import { toJsonSchema } from '@valibot/to-json-schema';
import { defineCommand } from 'citty';
import { ConfigFileSchema } from '../config-schema.ts';
import { inWords } from './terminal.ts';

/** Prints the JSON Schema of relay.yaml. */
export const schemaCommand = defineCommand({
  meta: { name: 'schema', description: 'The JSON Schema of relay.yaml, for editors' },
  run: inWords(async () => {
    // Checks in words of our own have no counterpart there.
    const schema = toJsonSchema(ConfigFileSchema, { typeMode: 'input', errorMode: 'ignore' });
    process.stdout.write(`${JSON.stringify({ title: 'relay.yaml of Offhook', ...schema }, null, 2)}\n`);
  }),
});
