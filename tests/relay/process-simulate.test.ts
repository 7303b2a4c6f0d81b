// `relay simulate` as a process: a script is played, traffic is made up, and both end with it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDesk } from '../../relay/src/pbx/simulator/desk-client.ts';
import { type RelayRun, runRelay } from './process-rig.ts';

let dir = '';
let run: RelayRun | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'offhook-simulate-'));
});
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  run = undefined;
  rmSync(dir, { recursive: true });
});

test('plays a script, with lines of its own, and ends when it is told to', async () => {
  const script = join(dir, 'script.txt');
  writeFileSync(
    script,
    '# the first caller\ncall 03023125042 10 Contoso Sample\nwait 0.01\nlift 10\nline 30 Zoe Sample\n',
  );
  run = runRelay(['simulate', '--port', '0', '--script', script]);
  const [, port = ''] = await run.said(/simulator listening on 127\.0\.0\.1:(\d+)/);
  await run.said(/call 03023125042 10 Contoso Sample: rings/);
  await run.said(/line 30 Zoe Sample: done/);
  const desk = await connectDesk({ port: Number(port) });
  expect((await desk.state()).lines.map(({ name }) => name)).toContain('Zoe Sample');
  desk.close();
  run.child.kill('SIGINT');
  expect(await run.ended).toEqual({ code: 0, signal: null });
});

// By itself: a made-up call may have any line, also the one that a script is about to call.
test('makes calls up until it is ended', async () => {
  run = runRelay(['simulate', '--port', '0', '--traffic', '6000']);
  const [, port = ''] = await run.said(/simulator listening on 127\.0\.0\.1:(\d+)/);
  const desk = await connectDesk({ port: Number(port) });
  const madeUp = new Promise((resolve) => {
    desk.onEvent((event) => {
      if (event.type === 'leg') resolve(event.leg.callKey);
    });
  });
  expect(await madeUp).toBeTypeOf('string');
  desk.close();
  run.child.kill('SIGINT');
  expect(await run.ended).toEqual({ code: 0, signal: null });
});

test('says which script it cannot read', async () => {
  run = runRelay(['simulate', '--port', '0', '--script', join(dir, 'none.txt')]);
  expect((await run.ended).code).toBe(1);
  expect(run.err()).toContain('none.txt cannot be read');
});
