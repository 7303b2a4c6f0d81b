// A process of the bench's own that is asked and answers, one question after the other; and what any process has cost.
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process that answers. */
export interface Child<Question, Answer> {
  pid: number;
  /** Rejects when the process ends without an answer. */
  ask(question: Question): Promise<Answer>;
  memory(): Promise<Memory>;
  kill(): void;
}

/** Starts `path`, a module that calls `answerQuestions`. */
export function startChild<Question extends object, Answer>(
  path: string,
  args: readonly string[] = [],
): Child<Question, Answer> {
  const child = fork(path, args, {
    execArgv: ['--import', PROBE_PRELOAD],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return {
    pid: pidOf(child),
    ask: (question) => askProcess<Answer>(child, question),
    memory: () => askProcess<Memory>(child, { ask: 'memory' }),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** Asks a process with a channel; one question at a time. Only for processes that answer each with one message. */
export function askProcess<Answer>(child: ChildProcess, question: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const left = (code: number | null) => reject(new Error(`a process of the bench ended with ${code}`));
    child.once('exit', left);
    child.once('message', (message) => {
      child.off('exit', left);
      const { answer, error } = message as { answer: Answer; error?: string }; // answerQuestions sent it
      if (error === undefined) resolve(answer);
      else reject(new Error(error));
    });
    child.send(question);
  });
}

/** Answers each question of the parent with what `answer` resolves to. */
export function answerQuestions<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.channel?.ref();
  process.on('message', (question: Question & { ask?: string }) => {
    // The preload's.
    if (question.ask === 'memory' || question.ask === 'standstill') return;
    answer(question).then(
      (found) => process.send?.({ answer: found }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

/** Time that a process has spent on the processor so far, all of its threads, in milliseconds. */
export function cpuMsOf(pid: number): number {
  const ofThreads = readdirSync(`/proc/${pid}/task`).map((thread) => {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  });
  return ofThreads.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
}

/** A clock that all processes of a machine share, in milliseconds. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** How long an event loop did nothing else at most: by the clock, and on the processor, which other programs do not touch. */
export interface Standstill {
  wallMs: number;
  ownMs: number;
}

/** What is held in memory after the garbage was collected, in bytes. */
export interface Memory {
  rss: number;
  heap: number;
}

/**
 * To be imported by a process before its own modules: it then answers `{ask: 'memory'}`, and `{ask: 'standstill'}` with a
 * `Standstill` since it was asked last.
 */
export const PROBE_PRELOAD = `data:text/javascript,${encodeURIComponent(`
  import v8 from 'node:v8';
  import vm from 'node:vm';
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  // Looks every millisecond; a look comes late by what held it up, be it our own work or another program's.
  let most = { wallMs: 0, ownMs: 0 };
  const cpuMs = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
  const watch = () => {
    let [wall, own] = [performance.now(), cpuMs()];
    setInterval(() => {
      const [wallNow, ownNow] = [performance.now(), cpuMs()];
      most = { wallMs: Math.max(most.wallMs, wallNow - wall - 1), ownMs: Math.max(most.ownMs, ownNow - own) };
      [wall, own] = [wallNow, ownNow];
    }, 1).unref();
  };
  let isWatching = false;
  process.on('message', (question) => {
    if (question.ask === 'standstill') {
      if (!isWatching) watch();
      isWatching = true;
      process.send({ answer: most });
      most = { wallMs: 0, ownMs: 0 };
    }
    if (question.ask !== 'memory') return;
    const all = () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    // One after the other, each in a turn of its own: on a busy machine all of them at once last longer than the process
    // may be deaf before it takes its phone system for gone.
    const collectFor = (more) => {
      all();
      if (more > 0) return setTimeout(collectFor, more === 1 ? 300 : 10, more - 1);
      const { rss, heapUsed, external } = process.memoryUsage();
      process.send({ answer: { rss, heap: heapUsed + external } });
    };
    collectFor(4);
  });
  // A process that has nothing else to do ends all the same, and none outlives a bench that was killed.
  process.channel.unref();
  process.on('disconnect', () => process.exit(0));
`)}`;

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('a process of the bench could not be started');
  return pid;
}
