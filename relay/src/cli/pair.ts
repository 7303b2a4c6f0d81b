// `relay pair USER`: a code with which one browser becomes one of the user's devices.
import { defineCommand } from 'citty';
import { askRelay, inWords, jsonArg, placeArgs, print } from './terminal.ts';

/** Shows a pairing code, its end and its link. */
export const pairCommand = defineCommand({
  meta: { name: 'pair', description: 'Show a code that connects a browser with a user' },
  args: {
    user: { type: 'positional', description: 'Log-in name (several tenants: TENANT/NAME)', required: true },
    ...placeArgs,
    ...jsonArg,
  },
  run: inWords(async ({ args }) => {
    await askRelay(args, 'pair', { user: args.user }, (item) => {
      print(args, item, ({ user, code, endsAt, url }) =>
        [
          `Code for ${user}: ${code}   good until ${new Date(endsAt).toLocaleTimeString('en-GB')}, for one browser`,
          `Link with the code in it: ${url}`,
        ].join('\n'),
      );
    });
  }),
});
