// Gives servers that are measured a processor that the crowd of their clients does not use: in life those are other
// machines, and on this one each that hears of something would push the server aside in the middle of its work.
import { execFileSync } from 'node:child_process';

/**
 * From now on the servers run on one of the processors, the others and this process on the rest; this process until what
 * it gives `atEnd` is called. False where that cannot be done: with one processor, or without `taskset` (util-linux).
 */
export function keepApart(
  { servers, others }: { servers: readonly number[]; others: readonly number[] },
  atEnd: (clear: () => unknown) => void,
): boolean {
  try {
    const processors = processorsOf(process.pid);
    const [own, ...rest] = processors;
    if (own === undefined || rest.length === 0) return false;
    atEnd(() => assign(process.pid, processors));
    for (const pid of servers) assign(pid, [own]);
    for (const pid of [...others, process.pid]) assign(pid, rest);
    return true;
  } catch {
    // Not Linux, or not allowed here.
    return false;
  }
}

function assign(pid: number, processors: readonly number[]): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', processors.join(','), String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** `"pid 7's current affinity list: 0,2-3"` → `[0, 2, 3]`. */
function processorsOf(pid: number): number[] {
  const said = execFileSync('taskset', ['--cpu-list', '--pid', String(pid)], { encoding: 'utf8', stdio: 'pipe' });
  const list = said.slice(said.lastIndexOf(':') + 1).trim();
  return list.split(',').flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, step) => first + step);
  });
}
