// `npm run test:asterisk`: the driver of Asterisk against a real one, with real SIP phones, in a Debian 11 of its own that is
// made once. With `--prepare` it only makes that. Where it cannot be had, it says why and fails nobody.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { asteriskRoot } from './asterisk/root.ts';

const checkout = join(import.meta.dirname, '..');
const root = await asteriskRoot({ say: (text) => console.log(text) });
if ('missing' in root) console.log(`skipped: ${root.missing}`);
else if (process.argv[2] === '--prepare') console.log(`Asterisk stands in ${root.path}`);
else {
  const vitest = join(checkout, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--project', 'relay', '--testTimeout=300000', 'tests/relay/pbx/asterisk'];
  const { status } = spawnSync(process.execPath, args, {
    cwd: checkout,
    stdio: 'inherit',
    env: { ...process.env, OFFHOOK_ASTERISK: '1' },
  });
  process.exitCode = status ?? 1;
}
