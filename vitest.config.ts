// The test projects. What runs in Node alone runs first and side by side; builds and browsers follow, few at a time, so
// that a loaded machine does not turn their time limits into failures. No retries anywhere.
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const SECOND_MS = 1000;
// `npm run test:full` counts what the issues name instead of a sample: minutes instead of seconds for the heavy suites.
const isFull = process.env['OFFHOOK_FULL'] === '1';

interface Project {
  name: string;
  include: string[];
  environment?: 'node' | 'happy-dom';
  exclude?: string[];
  seconds: number;
  fullSeconds?: number;
  /** Groups run one after another, the projects of one group together. */
  group: number;
  workers?: number;
}

function project({
  name,
  include,
  exclude,
  environment = 'node',
  workers = 2,
  ...limits
}: Project): TestProjectInlineConfiguration {
  const seconds = isFull ? (limits.fullSeconds ?? limits.seconds) : limits.seconds;
  return {
    extends: true,
    test: {
      name,
      include,
      environment,
      ...(exclude && { exclude }),
      testTimeout: seconds * SECOND_MS,
      hookTimeout: Math.max(seconds, 60) * SECOND_MS,
      sequence: { groupOrder: limits.group },
      maxWorkers: workers,
    },
  };
}

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    sequence: { shuffle: { files: true, tests: true } },
    retry: 0,
    allowOnly: false,
    passWithNoTests: true,
    projects: [
      project({ name: 'protocol', include: ['tests/protocol/**/*.test.ts'], seconds: 60, fullSeconds: 900, group: 0 }),
      project({ name: 'relay', include: ['tests/relay/**/*.test.ts'], seconds: 60, fullSeconds: 1800, group: 0 }),
      project({
        name: 'extension',
        include: ['tests/lib/**/*.test.{ts,tsx}'],
        exclude: ['tests/lib/page/**'],
        seconds: 30,
        fullSeconds: 600,
        group: 0,
      }),
      project({
        name: 'views',
        include: ['tests/components/**/*.test.{ts,tsx}', 'tests/lib/page/**/*.test.{ts,tsx}'],
        environment: 'happy-dom',
        seconds: 30,
        group: 0,
      }),
      project({ name: 'repo', include: ['tests/repo/**/*.test.ts'], seconds: 120, group: 1 }),
      project({ name: 'page', include: ['tests/e2e-page/**/*.test.ts'], seconds: 60, fullSeconds: 600, group: 2 }),
      project({ name: 'look', include: ['tests/views/**/*.test.ts'], seconds: 180, group: 2 }),
      project({ name: 'e2e', include: ['tests/e2e/**/*.test.ts'], seconds: 180, fullSeconds: 1800, group: 3 }),
      // One of them waits for three minutes: it must not wait for the others first.
      project({ name: 'firefox', include: ['tests/e2e-firefox/**/*.test.ts'], seconds: 300, group: 4, workers: 3 }),
    ],
  },
});
