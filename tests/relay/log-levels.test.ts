// One part of the relay can be made to say more for a while, and falls back by itself.
import { describe, expect, test } from 'vitest';
import { createLog } from '../../relay/src/log.ts';
import { createLogLevels } from '../../relay/src/log-levels.ts';
import { createFakeClock } from '../fakes/clock.ts';

function aLog() {
  const clock = createFakeClock();
  const levels = createLogLevels({ level: 'info', clock });
  const lines: string[] = [];
  const log = createLog({ level: 'info', levels, destination: { write: (line) => void lines.push(line) } });
  const said = () => lines.splice(0).map((line): unknown => JSON.parse(line).msg);
  return { clock, levels, log, said };
}

describe('a raised part', () => {
  test('says more, with what it made before and after, and the others as much as ever', () => {
    const { levels, log, said } = aLog();
    const pbx = log.child({ part: 'pbx' }).child({ pbx: 'main' });
    levels.raise(['pbx'], 'debug', 10_000);
    pbx.debug('pbx before');
    log.child({ part: 'pbx' }).debug('pbx after');
    log.child({ part: 'server' }).debug('server');
    log.debug('none');
    log.info('usual');
    expect(said()).toEqual(['pbx before', 'pbx after', 'usual']);
  });

  test('falls back when its time is over; raised again, its time counts anew', () => {
    const { clock, levels, log, said } = aLog();
    const pbx = log.child({ part: 'pbx' });
    levels.raise(['pbx', 'server'], 'debug', 10_000);
    clock.advance(9_000);
    levels.raise(['pbx'], 'debug', 10_000);
    clock.advance(9_000);
    pbx.debug('still');
    log.child({ part: 'server' }).debug('not any more');
    expect(levels.raised()).toEqual([{ part: 'pbx', level: 'debug', endsAt: clock.now() + 1_000 }]);
    clock.advance(1_000);
    pbx.debug('quiet');
    expect(said()).toEqual(['still']);
    expect(levels.raised()).toEqual([]);
  });

  test('may be made quieter, too, but never loses what ends the relay', () => {
    const { levels, log, said } = aLog();
    const pbx = log.child({ part: 'pbx' });
    levels.raise(['pbx'], 'error', 10_000);
    pbx.warn('not now');
    pbx.error('error');
    pbx.fatal('fatal');
    expect(said()).toEqual(['error', 'fatal']);
  });

  test('a new usual level holds for all the others at once', () => {
    const { levels, log, said } = aLog();
    const server = log.child({ part: 'server' });
    levels.setUsual('warn');
    server.info('quiet');
    levels.setUsual('debug');
    server.debug('loud');
    expect(said()).toEqual(['loud']);
  });
});
