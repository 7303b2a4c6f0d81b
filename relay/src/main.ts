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
      setup: async () => (await import('./cli/setup.ts')).setupCommand,
      status: async () => (await import('./cli/lines.ts')).statusCommand,
      pair: async () => (await import('./cli/pair.ts')).pairCommand,
      devices: async () => (await import('./cli/devices.ts')).devicesCommand,
      users: async () => (await import('./cli/people.ts')).usersCommand,
      groups: async () => (await import('./cli/groups.ts')).groupsCommand,
      tenants: async () => (await import('./cli/groups.ts')).tenantsCommand,
      contacts: async () => (await import('./cli/contacts.ts')).contactsCommand,
      grants: async () => (await import('./cli/people.ts')).grantsCommand,
      import: async () => (await import('./cli/assignments.ts')).importCommand,
      export: async () => (await import('./cli/assignments.ts')).exportCommand,
      lines: async () => (await import('./cli/lines.ts')).linesCommand,
      watch: async () => (await import('./cli/lines.ts')).watchCommand,
      journal: async () => (await import('./cli/journal.ts')).journalCommand,
      audit: async () => (await import('./cli/journal.ts')).auditCommand,
      call: async () => (await import('./cli/call.ts')).callCommand,
      simulate: async () => (await import('./cli/simulate.ts')).simulateCommand,
      policy: async () => (await import('./cli/policy.ts')).policyCommand,
      secrets: async () => (await import('./cli/secrets.ts')).secretsCommand,
      log: async () => (await import('./cli/log.ts')).logCommand,
      trace: async () => (await import('./cli/trace.ts')).traceCommand,
      backup: async () => (await import('./cli/backup.ts')).backupCommand,
      restore: async () => (await import('./cli/backup.ts')).restoreCommand,
      tls: async () => (await import('./cli/tls.ts')).tlsCommand,
      doctor: async () => (await import('./cli/doctor.ts')).doctorCommand,
      schema: async () => (await import('./cli/schema.ts')).schemaCommand,
      config: async () => (await import('./cli/config-check.ts')).configCommand,
    },
  }),
);
