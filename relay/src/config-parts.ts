// What a configuration says about one tenant or one phone system, for those who only know which one they mean.
import type { Location } from '@offhook/protocol';
import type { Config } from './config.ts';

/** The location of a phone system by its id; asking for one that is not configured throws. */
export function locationsOf(config: Config): (pbxId: string) => Location {
  const byId = new Map(config.pbx.map(({ id, location }) => [id, location]));
  return (pbxId) => {
    const location = byId.get(pbxId);
    if (!location) throw new Error(`no phone system is called ${pbxId}`);
    return location;
  };
}

/** The CRM's forms of a tenant; undefined where it has none. */
export function entryFormsOf({ entryForms }: Config, tenantId: string) {
  const found = entryForms.find(({ tenant }) => tenant === tenantId);
  if (!found) return undefined;
  const { tenant: _tenant, ...forms } = found;
  return forms;
}

/** What of a tenant stands in the configuration, in words, `'phone system main'`. */
export function configuredFor({ pbx, contacts }: Config, tenantId: string): string[] {
  const ofTenant = ({ tenant }: { tenant: string }) => tenant === tenantId;
  return [
    ...pbx.filter(ofTenant).map(({ id }) => `phone system ${id}`),
    ...contacts.filter(ofTenant).map(({ id }) => `contacts ${id}`),
  ];
}
