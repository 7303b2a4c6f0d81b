// `relay setup`: from nothing to a relay.yaml that works. Asks, or takes the answers from a file, and tries each at once; a
// file that is there is never written over without a yes, and is kept then. Passwords go into the data folder, not the file.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { defineCommand } from 'citty';
import * as v from 'valibot';
import { parse } from 'yaml';
import { prepareDataDir } from '../control.ts';
import { storeSecret } from '../secrets.ts';
import { askHidden } from './secrets.ts';
import { checkedYaml, type Draft, QUESTIONS, type Question, readAnswer } from './setup-questions.ts';
import { type Answers, AnswersSchema } from './setup-yaml.ts';
import { CliError, DEFAULT_CONFIG, inWords } from './terminal.ts';
import { makeCertificate } from './tls.ts';

const PASSWORD_NAME = 'pbx';

/** Writes a configuration from answers. */
export const setupCommand = defineCommand({
  meta: { name: 'setup', description: 'Ask what the relay has to know, try it, and write relay.yaml' },
  args: {
    file: { type: 'positional', description: 'File to write', default: DEFAULT_CONFIG },
    answers: { type: 'string', description: 'Take the answers from a YAML file, asking nothing', valueHint: 'FILE' },
  },
  run: inWords(async ({ args }) => {
    const file = resolve(args.file);
    const answers = args.answers === undefined ? await asked(file) : await given(args.answers, file);
    if (!answers) return say('nothing was written');
    const yaml = checkedYaml(answers, file);
    keepOld(file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, yaml, { mode: 0o640 });
    if (answers.reach === 'tls') say(certificateFor(answers, file));
    say(nextSteps(answers, args.file));
  }),
});

/** Every answer from a file; all that is wrong with them is told at once, and nothing written. */
async function given(path: string, file: string): Promise<Answers> {
  const read = v.safeParse(AnswersSchema, answersIn(path));
  if (!read.success) {
    throw new CliError(
      problemsOf(read.issues)
        .map((problem) => `${path}: ${problem}`)
        .join('\n'),
    );
  }
  const answers = read.output;
  if (existsSync(file) && !answers.overwrite) {
    throw new CliError(`there is a file ${file} already: "overwrite: true" among the answers writes over it`);
  }
  const failures: string[] = [];
  for (const { key, test, isAsked } of QUESTIONS) {
    if (!test || isAsked?.(answers) === false) continue;
    const { isGood, message } = await test(answers, file);
    say(`${isGood ? 'ok  ' : 'fail'}  ${key}: ${message}`);
    if (!isGood) failures.push(key);
  }
  if (failures.length > 0) throw new CliError(`nothing was written: see ${failures.join(', ')} above`);
  return answers;
}

function answersIn(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new CliError(`${path} cannot be read as YAML: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

/** Every answer from a person; undefined when an existing file is to stay. */
async function asked(file: string): Promise<Answers | undefined> {
  const draft: Draft = {};
  const lines = process.stdin.isTTY ? openTerminal() : openPipe();
  try {
    if (existsSync(file)) {
      if (!(await isYes(lines, `There is a file ${file}. Write over it (the old one is kept)?`))) return undefined;
      draft.overwrite = true;
    }
    for (let index = 0; index < QUESTIONS.length; index += 1) {
      const question = QUESTIONS[index];
      if (!question) break;
      // What was answered for another kind of phone system is no answer for this one.
      if (question.isAsked?.(draft) === false) draft[question.key] = undefined;
      else if ((await askUntilGood(question, { draft, file, lines })) === 'anew') index = placeOf(question) - 1;
    }
  } finally {
    lines.close();
  }
  const given = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
  const read = v.safeParse(AnswersSchema, given);
  if (read.success) return read.output;
  throw new CliError(`nothing was written: ${problemsOf(read.issues).join('; ')}`);
}

function placeOf({ key, backTo = key }: Question): number {
  return QUESTIONS.findIndex((question) => question.key === backTo);
}

function problemsOf(issues: readonly v.InferIssue<typeof AnswersSchema>[]): string[] {
  return issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}

interface Asking {
  draft: Draft;
  file: string;
  lines: Lines;
}

/** `'anew'`: what was tried has failed, and what was answered from `backTo` on is asked again. */
async function askUntilGood(question: Question, asking: Asking): Promise<'good' | 'anew'> {
  const { draft, file, lines } = asking;
  for (;;) {
    const typed = question.key === 'pbxPassword' ? await askPassword(asking) : await askText(question, asking);
    const answer = typed === '' ? { value: undefined } : readAnswer(question.key, question.read?.(typed) ?? typed);
    if ('problem' in answer) {
      say(`  ${answer.problem}`);
      continue;
    }
    if (answer.value !== draft[question.key]) for (const key of question.voids ?? []) draft[key] = undefined;
    Object.assign(draft, { [question.key]: answer.value });
    if (!question.test) return 'good';
    const { isGood, message } = await question.test(draft, file);
    say(`  ${isGood ? 'ok' : 'failed'}: ${message}`);
    if (isGood || (await isYes(lines, '  Keep it all the same?'))) return 'good';
    if (question.backTo !== undefined) return 'anew';
  }
}

async function askText(question: Question, { draft, lines }: Asking): Promise<string> {
  const first = question.usual(draft);
  // Who is asked again need not type it again; what may be left out can be left out now.
  const usual = first === '' ? first : (wordsOf(draft[question.key]) ?? first);
  for (;;) {
    const typed = await lines.ask(`${question.ask}${usual ? ` [${usual}]` : ''}: `);
    if (typed !== '') return typed;
    if (usual !== undefined) return usual;
  }
}

function wordsOf(answer: Answers[keyof Answers] | undefined): string | undefined {
  if (answer === undefined) return undefined;
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no';
  return Array.isArray(answer) ? answer.join(', ') : String(answer);
}

// The reference is the answer; the password itself goes where nobody else reads it.
async function askPassword({ file, lines }: Asking): Promise<string> {
  const password = await lines.askHidden('Phone system: password (empty: none): ');
  if (password === '') return '';
  const dataDir = resolve(process.env['OFFHOOK_DATA_DIR'] ?? join(dirname(file), 'data'));
  prepareDataDir(dataDir);
  storeSecret(dataDir, PASSWORD_NAME, password);
  return `secret:${PASSWORD_NAME}`;
}

interface Lines {
  ask(question: string): Promise<string>;
  askHidden(question: string): Promise<string>;
  close(): void;
}

// At a terminal each question has the keyboard for itself: a second listener would show what is typed as a password.
function openTerminal(): Lines {
  return {
    async ask(question) {
      const prompt = createInterface({ input: process.stdin, output: process.stdout });
      try {
        return (await prompt.question(question)).trim();
      } finally {
        prompt.close();
      }
    },
    askHidden,
    close: () => undefined,
  };
}

// Lines that were piped in come faster than they are asked for: none may be lost between two questions.
function openPipe(): Lines {
  const prompt = createInterface({ input: process.stdin });
  const lines = prompt[Symbol.asyncIterator]();
  const ask = async (question: string) => {
    process.stdout.write(question);
    const { value, done } = await lines.next();
    if (done) throw new CliError('\nthe answers ended before the questions: nothing was written');
    return value.trim();
  };
  return { ask, askHidden: ask, close: () => prompt.close() };
}

async function isYes(lines: Lines, question: string): Promise<boolean> {
  return /^(?:y|yes|j|ja)$/i.test(await lines.ask(`${question} [y/N] `));
}

function keepOld(file: string): void {
  if (!existsSync(file)) return;
  const kept = `${file}.before-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  renameSync(file, kept);
  say(`the file from before is kept as ${kept}`);
}

function certificateFor({ hosts }: Answers, file: string): string {
  return makeCertificate({ folder: join(dirname(file), 'tls'), hosts, existing: 'keep', now: new Date() });
}

function nextSteps({ userLogin }: Answers, file: string): string {
  return [
    '',
    `${file} is written. Now:`,
    `  relay doctor --config ${file}`,
    `  relay start --config ${file}`,
    `  relay pair ${userLogin} --config ${file}     (a link for the first browser)`,
  ].join('\n');
}

function say(words: string): void {
  process.stdout.write(`${words}\n`);
}
