// `relay doctor`: looks at everything that keeps a relay from working, running or not, and says what to do about each.
import { defineCommand } from 'citty';
import type { Config } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { ControlError, callControl, controlPath } from '../control.ts';
import type { ControlItem } from '../control-commands.ts';
import { counted } from './count.ts';
import {
  checkClock,
  checkLogins,
  checkModes,
  checkNode,
  checkPhoneSystems,
  checkPorts,
  checkSecrets,
  checkSpace,
  checkStore,
  checkTls,
  checkUser,
  type Finding,
  findingsOf,
} from './doctor-checks.ts';
import { checkSignIn } from './doctor-sign-in.ts';
import { checkTapiMaster, checkTapiMasterPorts } from './doctor-tapimaster.ts';
import { STORE_PROBLEMS, STORE_REMEDIES } from './store-words.ts';
import { configAt, DEFAULT_CONFIG, inWords, jsonArg, placeArgs, print } from './terminal.ts';

/** Runs every check; exit code 1 when one failed. */
export const doctorCommand = defineCommand({
  meta: { name: 'doctor', description: 'Check everything that keeps the relay from working' },
  args: { ...placeArgs, ...jsonArg },
  run: inWords(async ({ args }) => {
    const tell = (finding: Finding) => {
      if (finding.state === 'fail') process.exitCode = 1;
      print(args, finding, findingText);
    };
    tell(checkNode(process.versions.node));
    tell(checkUser(process.getuid?.()));
    const config = readConfig(args, tell);
    if (!config) return;
    for (const check of [checkModes, checkSpace, checkStore]) tell(check(config));
    tell(checkClock(config, new Date()));
    tell(checkSecrets(config, process.env));
    tell(checkTls(config, process.env, Date.now()));
    for (const finding of checkTapiMaster(config, process.env)) tell(finding);
    for (const finding of await checkSignIn(config, process.env)) tell(finding);
    const running = await statusOf(config);
    if (running) {
      tell({
        check: 'relay',
        state: 'ok',
        message: `runs on ${running.url}, ${counted(running.extensions, 'extension')}`,
      });
      tell(writingFinding(running));
      for (const finding of findingsOf(running.pbx)) tell(finding);
      for (const finding of await checkPhoneSystems(config, process.env)) tell(finding);
      return;
    }
    tell({ check: 'relay', state: 'ok', message: 'does not run' });
    tell(await checkPorts(config));
    for (const finding of await checkTapiMasterPorts(config)) tell(finding);
    for (const finding of await checkLogins(config, process.env)) tell(finding);
    for (const finding of await checkPhoneSystems(config, process.env)) tell(finding);
  }),
});

type Place = Parameters<typeof configAt>[0];

function readConfig(place: Place, tell: (finding: Finding) => void): Config | undefined {
  try {
    const config = configAt(place);
    tell({ check: 'config', state: 'ok', message: config.file });
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const remedy = `mend ${place.config ?? DEFAULT_CONFIG}; the other checks need it`;
    tell({ check: 'config', state: 'fail', message: error.message, remedy });
    return undefined;
  }
}

type Running = ControlItem<'status'>;

async function statusOf({ dataDir }: Config): Promise<Running | undefined> {
  let status: Running | undefined;
  try {
    await callControl(controlPath(dataDir), 'status', {}, { onItem: (item) => (status = item) });
  } catch (error) {
    if (!(error instanceof ControlError) || error.code !== 'no-relay') throw error;
  }
  return status;
}

function writingFinding({ storeProblem }: Running): Finding {
  const check = 'writing';
  if (storeProblem === undefined) return { check, state: 'ok', message: 'what happens is written down' };
  const message = `calls may be neither dialled nor kept: ${STORE_PROBLEMS[storeProblem]}`;
  return { check, state: 'fail', message, remedy: STORE_REMEDIES[storeProblem] };
}

function findingText({ check, state, message, remedy }: Finding): string {
  const line = `${state.padEnd(5)} ${check.padEnd(10)} ${message.replaceAll('\n', '\n                 ')}`;
  return remedy === undefined ? line : `${line}\n                 → ${remedy}`;
}
