// `npm start` as somebody without a display meets it: the tour says of each step whether it worked, and means it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/stage/stage.ts';

function start(...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.ts'), ...args], { cwd: ROOT });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    // Not its exit: the last words may come after it.
    child.on('close', (code) => resolve({ code, output }));
  });
}

describe('npm start -- --tour', () => {
  test.each(['en', 'de'])('exits 0 when every step was seen to work, with its pictures, in %s', async (lang) => {
    const out = mkdtempSync(join(tmpdir(), 'offhook-tour-'));
    const { code, output } = await start('--tour', '--lang', lang, '--out', out);
    expect(output).toContain('all steps seen to work');
    expect(code).toBe(0);
    for (const scheme of ['light', 'dark']) {
      const pictures = readdirSync(join(out, lang, scheme)).join(' ');
      for (const view of ['crm', 'popup', 'sidepanel', 'caller', 'journal', 'options', 'welcome', 'desk']) {
        expect(pictures).toContain(`-${view}.png`);
      }
    }
    rmSync(out, { recursive: true });
  });

  test.each(['dial', 'note', 'relay'])('exits 1 when the step "%s" is sabotaged, and names it', async (step) => {
    const out = mkdtempSync(join(tmpdir(), 'offhook-tour-'));
    const { code, output } = await start('--break', step, '--lang', 'en', '--out', out);
    expect(output).toMatch(new RegExp(`FAIL .*-${step} `));
    expect(code).toBe(1);
    rmSync(out, { recursive: true });
  });
});
