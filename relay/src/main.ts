#!/usr/bin/env node
// The relay's command line. Wiring only: each command is a file in cli/.
import { defineCommand, runMain } from 'citty';
import { callCommand } from './cli/call.ts';
import { configCommand } from './cli/config-check.ts';
import { journalCommand } from './cli/journal.ts';
import { linesCommand, statusCommand, watchCommand } from './cli/lines.ts';
import { pairCommand } from './cli/pair.ts';
import { simulateCommand } from './cli/simulate.ts';
import { startCommand } from './cli/start.ts';
import { RELAY_VERSION } from './version.ts';

await runMain(
  defineCommand({
    meta: { name: 'relay', version: RELAY_VERSION, description: 'Offhook: between the phone system and the browser' },
    subCommands: {
      start: startCommand,
      status: statusCommand,
      pair: pairCommand,
      lines: linesCommand,
      watch: watchCommand,
      journal: journalCommand,
      call: callCommand,
      simulate: simulateCommand,
      config: configCommand,
    },
  }),
);
