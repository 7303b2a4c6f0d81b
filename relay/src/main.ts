#!/usr/bin/env node
// The relay's command line. Wiring only: each command is a file in cli/, loaded when it is the one that was asked for.
import { defineCommand, runMain } from 'citty';
import { RELAY_VERSION } from './version.ts';

// `relay lines | head` closes the pipe when it has enough: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

await runMain(
  defineCommand({
    meta: { name: 'relay', version: RELAY_VERSION, description: 'Offhook: between the phone system and the browser' },
    subCommands: {
      start: async () => (await import('./cli/start.ts')).startCommand,
      status: async () => (await import('./cli/lines.ts')).statusCommand,
      pair: async () => (await import('./cli/pair.ts')).pairCommand,
      devices: async () => (await import('./cli/devices.ts')).devicesCommand,
      users: async () => (await import('./cli/people.ts')).usersCommand,
      grants: async () => (await import('./cli/people.ts')).grantsCommand,
      lines: async () => (await import('./cli/lines.ts')).linesCommand,
      watch: async () => (await import('./cli/lines.ts')).watchCommand,
      journal: async () => (await import('./cli/journal.ts')).journalCommand,
      call: async () => (await import('./cli/call.ts')).callCommand,
      simulate: async () => (await import('./cli/simulate.ts')).simulateCommand,
      policy: async () => (await import('./cli/policy.ts')).policyCommand,
      config: async () => (await import('./cli/config-check.ts')).configCommand,
    },
  }),
);
