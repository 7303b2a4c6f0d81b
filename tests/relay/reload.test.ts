// A running relay takes over what it can, names what it cannot, and stays as it was when the new file has a fault.
import { describe, expect, test } from 'vitest';
import { type Config, readConfig } from '../../relay/src/config.ts';
import { ConfigError } from '../../relay/src/config-error.ts';
import { createReloader, reportOf } from '../../relay/src/reload.ts';
import { SILENT } from './builders.ts';

const PBX = `pbx: [{ id: main, kind: simulator, options: { port: 1 }, location: { country: DE } }]\n`;
const read = (yaml: string): Config => readConfig(yaml, '/etc/offhook/relay.yaml', {});

function aReloader(before: string) {
  const live = { config: read(before) };
  let next = () => live.config;
  let fault: Error | undefined;
  const applied: Config[] = [];
  const reload = createReloader({
    live,
    load: () => next(),
    prepare(config) {
      if (fault) throw fault;
      return () => void applied.push(config);
    },
    log: SILENT,
  });
  return {
    live,
    applied,
    to(yaml: string) {
      next = () => read(yaml);
      return reload();
    },
    failWith(error: Error) {
      fault = error;
    },
  };
}

describe('what is reported', () => {
  test.each([
    ['guard: { perHour: 5 }', ['guard.perHour'], []],
    ['log: { level: debug, file: a.log }', ['log.level'], ['log.file']],
    ['listen: "127.0.0.1:1"\nhealth: "127.0.0.1:2"', [], ['listen.port', 'health']],
    ['publicOrigins: ["wss://relay.example"]', ['publicOrigins'], []],
    ['contacts: [{ id: crm, kind: csv, file: a.csv, country: DE }]', ['contacts'], []],
    ['tls: { cert: a.crt, key: a.key }', [], ['tls']],
    ['dataDir: elsewhere', [], ['dataDir']],
    ['seed: { tenants: [{ id: default, name: Sample, country: DE }] }', [], []],
    ['', [], []],
  ])('%j', (yaml, applied, needsRestart) => {
    expect(reportOf(read(PBX), read(PBX + yaml))).toEqual({ applied, needsRestart });
  });

  test('a phone system is named with its key, one more or less as a whole', () => {
    expect(reportOf(read(PBX), read(PBX.replace('port: 1', 'port: 2'))).needsRestart).toEqual(['pbx[0].options.port']);
    expect(reportOf(read(PBX), read('')).needsRestart).toEqual(['pbx']);
  });

  test('another certificate is taken over, TLS itself is not begun or ended', () => {
    const tls = (cert: string) => read(`tls: { cert: ${cert}, key: a.key }`);
    expect(reportOf(tls('a.crt'), tls('b.crt'))).toEqual({ applied: ['tls.cert'], needsRestart: [] });
    expect(reportOf(tls('a.crt'), read(''))).toEqual({ applied: [], needsRestart: ['tls'] });
  });
});

describe('what is taken over', () => {
  test('only what can be, so that the rest is named again until the restart', () => {
    const { live, applied, to } = aReloader(PBX);
    const changed = 'listen: "127.0.0.1:1"\nguard: { perHour: 5 }\npublicOrigins: ["wss://relay.example"]\n';
    to(PBX + changed);
    expect(live.config.guard.perHour).toBe(5);
    expect(live.config.listen.port).toBe(8730);
    expect(applied).toEqual([live.config]);
    expect(to(PBX + changed)).toEqual({ applied: [], needsRestart: ['listen.port'] });
    expect(to(PBX)).toMatchObject({ applied: ['guard.perHour', 'publicOrigins'], needsRestart: [] });
    expect(live.config).toEqual(read(PBX));
  });

  test('nothing of a file with a fault, and nothing when a part of it fails', () => {
    const { live, applied, to, failWith } = aReloader(PBX);
    expect(() => to('guard: { perHour: x }')).toThrow(ConfigError);
    failWith(new Error('no certificate'));
    expect(() => to(`${PBX}guard: { perHour: 5 }`)).toThrow('no certificate');
    expect(live.config).toEqual(read(PBX));
    expect(applied).toEqual([]);
  });
});
