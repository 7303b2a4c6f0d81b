// The doors of the sites section for tests: nothing happens behind those that a test does not open.
import type { SiteDoors } from '#lib/site-doors.ts';

/** Doors of which a test watches some. */
export function siteDoorsWith({
  rules,
  ...doors
}: Partial<Omit<SiteDoors, 'rules'>> & { rules?: Partial<SiteDoors['rules']> }): SiteDoors {
  return {
    onAdd: async () => 'enabled',
    onAllow: async () => 'enabled',
    onRemove: async () => undefined,
    onChange: async () => undefined,
    ...doors,
    rules: {
      onExport: () => undefined,
      read: () => ({ type: 'unreadable', why: 'no-rules' }),
      onPut: async () => undefined,
      ...rules,
    },
  };
}
