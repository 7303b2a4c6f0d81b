// Which settings the company decided. A name that is locked without a value says nothing.
import type { Policy, PolicyName } from '#lib/policy.ts';

/** Answers, by name, whether agents cannot change a setting. */
export function lockOf({ locked, values }: Policy): (name: PolicyName & keyof Policy['values']) => boolean {
  return (name) => locked.includes(name) && Object.hasOwn(values, name);
}
