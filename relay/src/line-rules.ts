// The block `pbx[].lines` of relay.yaml: how a phone system's lines are called here, and what becomes of those that are new,
// renamed or vanished. Without it, they are as the phone system says.
import * as v from 'valibot';
import { lineNameProblem } from './line-names.ts';

/** The block, with its defaults: everything is taken over, nothing is taken away. */
export const LineRulesSchema = v.strictObject({
  name: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(128, 'is longer than 128 characters'),
      v.rawCheck(({ dataset, addIssue }) => {
        const problem = dataset.typed ? lineNameProblem(dataset.value) : undefined;
        if (problem !== undefined) addIssue({ message: problem });
      }),
    ),
    '{name}',
  ),
  mainNumber: v.optional(
    v.pipe(
      v.string('should be a number in quotes, such as "+493023125"'),
      v.regex(/^\+[1-9][0-9]{3,13}$/, 'should be what comes before the extension, such as "+493023125"'),
    ),
  ),
  new: v.optional(v.picklist(['accept', 'ask']), 'accept'),
  renamed: v.optional(v.picklist(['accept', 'ask']), 'accept'),
  vanished: v.optional(v.picklist(['keep', 'retire']), 'keep'),
});
