// Which kinds of phone system there are. The one place besides the drivers' own tests that names their implementations.
import type { PbxNature } from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import type { ReadSecret } from '../secret-ref.ts';
import { ASTERISK } from './asterisk/declaration.ts';
import { examineAsterisk } from './asterisk/doctor.ts';
import { openAsteriskDriver } from './asterisk/driver.ts';
import { AsteriskOptionsSchema } from './asterisk/options.ts';
import type { PbxDeclaration } from './declaration.ts';
import type { Driver, DriverContext, ExaminePbx, OpenDriver, PbxFinding } from './driver.ts';
import { NFON } from './nfon/declaration.ts';
import { openNfonDriver } from './nfon/driver.ts';
import { NfonOptionsSchema, nfonEndpoints } from './nfon/options.ts';
import { SIMULATOR } from './simulator/declaration.ts';
import { openSimulatorDriver, SimulatorOptionsSchema } from './simulator/driver.ts';
import { TAPIMASTER } from './tapimaster/declaration.ts';
import { openTapiMasterDriver } from './tapimaster/driver.ts';
import { optionsFault, tapiMasterEntries } from './tapimaster/options.ts';

/** One kind of phone system. `open` and `endpoints` take options as its own `schema` has read them. */
interface DriverKind<Options = unknown> {
  schema: v.GenericSchema<unknown, Options>;
  open: OpenDriver<Options>;
  nature: PbxNature;
  declaration: PbxDeclaration;
  endpoints(options: Options): { host: string; port: number }[];
  /** What `relay doctor` looks at besides logging in. */
  examine?: ExaminePbx<Options>;
}

// What the options of a kind are is known to the kind alone: everybody else parses them by its schema, and hands them over.
function driverKind<Options>(kind: DriverKind<Options>): DriverKind {
  return kind as unknown as DriverKind; // its functions are only ever called with what its own schema has read
}

// Those that tell of lines and calls, and so can be combined with one that does not.
const TELLING_DRIVERS = {
  simulator: driverKind({
    schema: SimulatorOptionsSchema,
    open: openSimulatorDriver,
    nature: { format: 'phoneBook', canDialEmergency: true },
    declaration: SIMULATOR,
    endpoints: ({ host, port }) => [{ host, port }],
  }),
  asterisk: driverKind({
    schema: AsteriskOptionsSchema,
    open: openAsteriskDriver,
    nature: { format: 'phoneBook', canDialEmergency: true },
    declaration: ASTERISK,
    examine: examineAsterisk,
    endpoints: ({ host, port }) => [{ host, port }],
  }),
  nfon: driverKind({
    schema: NfonOptionsSchema,
    open: openNfonDriver,
    // 112 from a cloud rings wherever the account says that the caller is; at the phone it rings where that is.
    nature: { format: 'internationalWithoutPlus', canDialEmergency: false, isFormatFixed: true },
    declaration: NFON,
    endpoints: nfonEndpoints,
  }),
};

const WithSchema = v.pipe(
  v.strictObject({
    kind: v.picklist(Object.keys(TELLING_DRIVERS) as (keyof typeof TELLING_DRIVERS)[]), // the keys of a literal
    options: v.optional(v.record(v.string(), v.unknown()), {}),
  }),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const { kind, options } = dataset.value;
    const read = v.safeParse(TELLING_DRIVERS[kind].schema, options);
    if (read.success) return { kind, options: read.output };
    const [issue] = read.issues;
    const path = (issue.path ?? []).map(({ key }) => String(key)).join('.');
    addIssue({
      message: `has wrong options for ${kind}: ${path === '' ? '' : `${path}: `}${issue.message}`,
      input: undefined,
    });
    return NEVER;
  }),
);

const TapiMasterSchema = v.pipe(
  v.strictObject({ ...tapiMasterEntries, with: v.optional(WithSchema) }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const fault = optionsFault(dataset.value, { hasEvents: dataset.value.with !== undefined });
    if (fault) addIssue({ message: `is not complete: ${fault.key} ${fault.message}` });
  }),
);

const DRIVERS = {
  ...TELLING_DRIVERS,
  tapimaster: driverKind({
    schema: TapiMasterSchema,
    open: ({ with: telling, ...options }, context, readSecret) =>
      openTapiMasterDriver(
        options,
        context,
        telling && ((inner) => TELLING_DRIVERS[telling.kind].open(telling.options, inner, readSecret)),
      ),
    // Nobody knows what the TAPI driver behind it makes of 112.
    nature: { format: 'phoneBook', canDialEmergency: false },
    declaration: TAPIMASTER,
    endpoints: ({ mode, host, port, with: telling }) => [
      ...(mode === 'tcp' || mode === 'http' ? [{ host, port }] : []),
      ...(telling ? TELLING_DRIVERS[telling.kind].endpoints(telling.options) : []),
    ],
  }),
};

/** The names that `pbx[].kind` may have in the configuration. */
export type PbxKind = keyof typeof DRIVERS;
export const PBX_KINDS = Object.keys(DRIVERS) as [PbxKind, ...PbxKind[]]; // the keys of a literal, one at least

/** The schema of `pbx[].options` for a kind. */
export function pbxOptionsSchema(kind: PbxKind) {
  return DRIVERS[kind].schema;
}

/** How a kind wants its numbers, unless `location` says otherwise, and what it cannot dial. */
export function natureOf(kind: PbxKind): PbxNature {
  return DRIVERS[kind].nature;
}

/** What a kind of phone system can do and tells, for docs and for who asks. */
export function declarationOf(kind: PbxKind): PbxDeclaration {
  return DRIVERS[kind].declaration;
}

/** Where the driver of a kind connects to, over TCP. */
export function pbxEndpoints(kind: PbxKind, options: unknown): { host: string; port: number }[] {
  const { schema, endpoints } = DRIVERS[kind];
  return endpoints(v.parse(schema, options));
}

/** Opens the driver of a kind; `options` are checked by its schema and throw a ValiError when they do not fit. */
export function openDriver(
  { kind, options }: { kind: PbxKind; options: unknown },
  context: DriverContext,
  readSecret: ReadSecret,
): Driver {
  const { schema, open } = DRIVERS[kind];
  return open(v.parse(schema, options), context, readSecret);
}

/** What is to be said of a phone system besides whether its driver can log in, for `relay doctor`. */
export async function examinePbx(
  { kind, options }: { kind: PbxKind; options: unknown },
  tools: { clock: Clock; readSecret: ReadSecret },
): Promise<PbxFinding[]> {
  const { schema, examine } = DRIVERS[kind];
  return (await examine?.(v.parse(schema, options), tools)) ?? [];
}
