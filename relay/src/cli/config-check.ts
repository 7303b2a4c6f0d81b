// `relay config check FILE`: all faults of a configuration at once, before a relay is restarted with it.
import { defineCommand } from 'citty';
import { ConfigError } from '../config-error.ts';
import { reloadCommand } from './config-reload.ts';
import { firewallCommand } from './firewall.ts';
import { configToRun, DEFAULT_CONFIG, inWords, jsonArg, print } from './terminal.ts';

const checkCommand = defineCommand({
  meta: { name: 'check', description: 'Check a configuration file' },
  args: { file: { type: 'positional', description: 'File', default: DEFAULT_CONFIG }, ...jsonArg },
  run: inWords(async ({ args }) => {
    try {
      const { file, pbx, contacts } = configToRun({ config: args.file });
      const summary = { ok: true, file, pbx: pbx.length, contacts: contacts.length };
      print(args, summary, () => `${file} is good (phone systems: ${pbx.length}, contact sources: ${contacts.length})`);
    } catch (error) {
      if (!(error instanceof ConfigError) || !args.json) throw error;
      process.exitCode = 1;
      print(args, { ok: false, file: args.file, faults: error.faults }, String);
    }
  }),
});

/** `relay config …` */
export const configCommand = defineCommand({
  meta: { name: 'config', description: 'Look at the configuration' },
  subCommands: { check: checkCommand, reload: reloadCommand, firewall: firewallCommand },
});
