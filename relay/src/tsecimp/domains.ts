// How `DOMAIN\user` becomes a log-in name here, and back. A log-in name has no domain: two people of one name in two
// domains must never become one, so that each further domain has a prefix of its own.

/** Users of `domain` (in lower case) have log-in names that begin with `prefix`. */
export interface DomainRule {
  domain: string;
  prefix: string;
}

/**
 * Reads `'EXAMPLE'` or `'EXAMPLE,SALES=s-'`: domains with the prefix of their users' log-in names. Answers what is wrong
 * with it as `fault`.
 */
export function readDomainRules(text: string): { rules: DomainRule[] } | { fault: string } {
  const rules = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      const [domain, prefix] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
      return { domain: domain.trim().toLowerCase(), prefix: prefix.trim() };
    });
  for (const { domain, prefix } of rules) {
    if (domain === '') return { fault: 'a domain is empty: --domains EXAMPLE,SALES=s-' };
    if (!/^(?:[a-z0-9][a-z0-9._-]{0,15})?$/.test(prefix)) return { fault: `"${prefix}" cannot begin a log-in name` };
  }
  for (const [place, one] of rules.entries()) {
    const other = rules.slice(0, place).find(({ domain, prefix }) => domain === one.domain || prefix === one.prefix);
    if (other) {
      return {
        fault: `${other.domain} and ${one.domain} need prefixes that tell them apart: --domains EXAMPLE,SALES=s-`,
      };
    }
  }
  return { rules };
}

/** The log-in name of a `DOMAIN\user`, in lower case; undefined where no rule knows the domain. */
export function loginOf({ domain, login }: { domain: string; login: string }, rules: readonly DomainRule[]) {
  const rule = rules.find((one) => one.domain === domain.toLowerCase());
  return rule && `${rule.prefix}${login.toLowerCase()}`;
}

/** `DOMAIN\user` of a log-in name, by the rule with the longest prefix that fits; the domain in capitals. */
export function domainUserOf(login: string, rules: readonly DomainRule[]): string | undefined {
  const [rule] = rules
    .filter(({ prefix }) => login.startsWith(prefix) && login.length > prefix.length)
    .toSorted((a, b) => b.prefix.length - a.prefix.length);
  return rule && `${rule.domain.toUpperCase()}\\${login.slice(rule.prefix.length)}`;
}
