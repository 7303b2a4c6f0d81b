// How the browser rings, as the agent chose it. Read by schema field by field, so that what another version wrote falls
// back to its own default alone.
import * as v from 'valibot';
import { TONE_NAMES, type ToneChoice } from './ring-tones.ts';

/** How loud, where, and which tone for whom. */
export interface Ringtones {
  /** 0 to 1. */
  volume: number;
  /** The browser's id of an output; undefined: the one that it uses by itself. */
  device?: string | undefined;
  /** `vip`, `known` and `unknown` are as `external` unless something is chosen for them. */
  tones: {
    internal: ToneChoice;
    external: ToneChoice;
    vip?: ToneChoice | undefined;
    known?: ToneChoice | undefined;
    unknown?: ToneChoice | undefined;
  };
}

/** As long as nothing is chosen. */
export const DEFAULT_RINGTONES: Ringtones = { volume: 0.5, tones: { internal: 'double', external: 'classic' } };

/** A tone that can be chosen. */
export const ToneSchema = v.union([
  v.picklist([...TONE_NAMES, 'none']),
  v.custom<`own:${string}`>((value) => typeof value === 'string' && /^own:[\w-]{1,64}$/.test(value)),
]);
const ofSomebody = v.fallback(v.optional(ToneSchema), undefined);

/** The stored choice. */
export const RingtonesSchema = v.object({
  volume: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), DEFAULT_RINGTONES.volume),
  device: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(256))), undefined),
  tones: v.fallback(
    v.object({
      internal: v.fallback(ToneSchema, DEFAULT_RINGTONES.tones.internal),
      external: v.fallback(ToneSchema, DEFAULT_RINGTONES.tones.external),
      vip: ofSomebody,
      known: ofSomebody,
      unknown: ofSomebody,
    }),
    DEFAULT_RINGTONES.tones,
  ),
});
