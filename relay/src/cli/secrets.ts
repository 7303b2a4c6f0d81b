// `relay secrets …`: passwords that the configuration refers to as "secret:NAME". What is typed is not shown, never an
// argument (those stand in the shell's history and in the list of processes), and no command prints it again.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { defineCommand } from 'citty';
import { prepareDataDir } from '../control.ts';
import { removeSecret, storedSecrets, storeSecret } from '../secrets.ts';
import { CliError, dataDirOf, inWords, jsonArg, placeArgs, print } from './terminal.ts';

const nameArg = { name: { type: 'positional', description: 'Name, as in "secret:NAME"', required: true } } as const;

const setCommand = defineCommand({
  meta: { name: 'set', description: 'Ask for a secret and keep it in the data folder' },
  args: { ...nameArg, ...placeArgs },
  run: inWords(async ({ args }) => {
    const dataDir = dataDirOf(args);
    const value = process.stdin.isTTY ? await askTwice(args.name) : await piped();
    prepareDataDir(dataDir);
    storeSecret(dataDir, args.name, value);
    process.stdout.write(`kept as ${args.name}: write "secret:${args.name}" where relay.yaml wants it\n`);
  }),
});

const listCommand = defineCommand({
  meta: { name: 'list', description: 'The names of the secrets in the data folder' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    for (const secret of storedSecrets(dataDirOf(args))) {
      print(args, secret, ({ name, setAt }) => `${name.padEnd(24)}  set ${setAt.slice(0, 16).replace('T', ' ')} UTC`);
    }
  }),
});

const removeCommand = defineCommand({
  meta: { name: 'remove', description: 'Forget a secret of the data folder' },
  args: { ...nameArg, ...placeArgs },
  run: inWords(async ({ args }) => {
    if (!removeSecret(dataDirOf(args), args.name)) {
      throw new CliError(`there is no secret ${args.name}: "relay secrets list" shows those there are`);
    }
    process.stdout.write(`${args.name} is forgotten\n`);
  }),
});

/** `relay secrets …` */
export const secretsCommand = defineCommand({
  meta: { name: 'secrets', description: 'Passwords that the configuration refers to' },
  subCommands: { set: setCommand, list: listCommand, remove: removeCommand },
});

/** Asks a person for a text that is not shown while it is typed. */
export async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await prompt.question('');
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}

async function askTwice(name: string): Promise<string> {
  const first = await askHidden(`${name}: `);
  if (first !== (await askHidden(`${name} again: `)))
    throw new CliError('the two are not the same: nothing was stored');
  return first;
}

// `echo` and editors end a line; no password does.
async function piped(): Promise<string> {
  return (await textOf(process.stdin)).replace(/\r?\n$/, '');
}
