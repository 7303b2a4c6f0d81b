// What every command of the command line shares: results on standard output, errors in words on standard error with exit
// code 1, and the way to the running relay. Nobody at a terminal should ever meet a stack trace for a mistake of theirs.
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ArgsDef, CommandContext } from 'citty';
import { type Config, dataDirIn, type Environment, loadConfig, loadConfigToRun } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { ContactsError } from '../contacts/source.ts';
import { ControlError, callControl, controlPath } from '../control.ts';
import type { ControlArgs, ControlItem, ControlName } from '../control-commands.ts';
import { PbxError } from '../pbx/driver.ts';
import { SecretError } from '../secrets.ts';
import { StoreError } from '../store/database.ts';
import { isDiskFault } from '../store-watch.ts';
import { TlsError } from '../tls.ts';

/** Where the configuration is looked for. */
export const DEFAULT_CONFIG = 'relay.yaml';

/** Arguments that say which relay is meant. */
export const placeArgs = {
  config: { type: 'string', description: 'Configuration file', valueHint: 'relay.yaml' },
  data: { type: 'string', description: 'Data folder, instead of the one in the configuration', valueHint: 'FOLDER' },
} as const satisfies ArgsDef;

/** The argument for output that programs read: one JSON object a line. */
export const jsonArg = {
  json: { type: 'boolean', description: 'One JSON object a line, for programs', default: false },
} as const satisfies ArgsDef;

export interface Place {
  config?: string | undefined;
  data?: string | undefined;
}

/** A mistake or a state of things that is told in one sentence. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** A command's `run` that tells expected errors in words and ends with exit code 1. */
export function inWords<Args extends ArgsDef>(run: (context: CommandContext<Args>) => Promise<void>) {
  return async (context: CommandContext<Args>): Promise<void> => {
    try {
      await run(context);
    } catch (error) {
      process.exitCode = 1;
      process.stderr.write(`${wordsOf(error)}\n`);
    }
  };
}

/** One result: as JSON for programs, else in words. */
export function print<Item>({ json }: { json: boolean }, item: Item, inText: (item: Item) => string): void {
  process.stdout.write(`${json ? JSON.stringify(item) : inText(item)}\n`);
}

/** The configuration that is meant, with `--data` and the environment applied. Throws ConfigError. */
export function configAt(place: Place): Config {
  return loadConfig(place.config ?? DEFAULT_CONFIG, environmentOf(place));
}

/** The same for a relay that is to run with it: secrets, certificate and key must be there, too. Throws ConfigError. */
export function configToRun(place: Place): Config {
  return loadConfigToRun(place.config ?? DEFAULT_CONFIG, environmentOf(place));
}

function environmentOf({ data }: Place): Environment {
  return data === undefined ? process.env : { ...process.env, OFFHOOK_DATA_DIR: data };
}

/** Asks the running relay of a place; each item goes to `onItem`. Ctrl-C ends the question. */
export async function askRelay<Name extends ControlName>(
  place: Place,
  command: Name,
  args: ControlArgs<Name>,
  onItem: (item: ControlItem<Name>) => void,
): Promise<void> {
  const dataDir = dataDirOf(place);
  const end = new AbortController();
  const stop = () => end.abort();
  process.once('SIGINT', stop);
  try {
    await callControl(controlPath(dataDir), command, args, { onItem, signal: end.signal });
  } catch (error) {
    if (!(error instanceof ControlError) || error.code !== 'no-relay') throw error;
    const why = (await isThere(dataDir)) ? '' : ' (there is no such folder)';
    const start = ['relay start', place.config && `--config ${place.config}`, place.data && `--data ${place.data}`];
    throw new CliError(
      `no relay is running in ${dataDir}${why}: start it with "${start.filter(Boolean).join(' ')}", ` +
        'or name its data folder with --data',
      { cause: error },
    );
  } finally {
    process.off('SIGINT', stop);
  }
}

/** The data folder that is meant. With it given, the configuration need not be there. */
export function dataDirOf({ config, data }: Place): string {
  const given = data ?? (config === undefined ? process.env['OFFHOOK_DATA_DIR'] : undefined);
  return given === undefined ? dataDirIn(config ?? DEFAULT_CONFIG, process.env) : resolve(given);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isDiskFault(error)) return 'the disk cannot be written to (full, read-only or broken): "relay doctor" says more';
  const isExpected = [
    CliError,
    ConfigError,
    ControlError,
    StoreError,
    ContactsError,
    PbxError,
    SecretError,
    TlsError,
  ].some((kind) => error instanceof kind);
  return isExpected ? error.message : (error.stack ?? error.message);
}
