// How often the finder is right, on labelled texts that nobody looked at while it was built. Shares, not times: the same
// on every machine, so once is enough. Prints totals only, or the texts would be unseen no longer.
import { casesOf, type Finder, type LabelledCase, ours, score, sharesOf } from '../../lib/numbers/evaluate.ts';
import { androidPattern, commonRegex, libphonenumber, withoutKinds } from '../finders.ts';
import type { Contestant, RowFamily } from '../row.ts';

const PRECISION = 'finder-precision';
const RECALL = 'finder-recall';
const REFERENCE = 'the same of libphonenumber-js/max, findPhoneNumbersInText';

/** Precision and recall on the unseen cases. */
export const finderQuality: RowFamily = {
  rows: [
    { id: PRECISION, unit: '', ours: 'share of the numbers found that are numbers', reference: REFERENCE },
    { id: RECALL, unit: '', ours: 'share of the numbers there that are found', reference: REFERENCE },
  ],
  rounds: 1,
  warmUpRounds: 0,
  async open({ say }) {
    const cases = [...casesOf('unseen').values()].flat();
    const plain = cases.map(withoutKinds);
    say(`${cases.length} cases, ${plain.filter(({ expected }) => expected.length === 0).length} without a number`);
    return {
      ours: scoring(cases, ours),
      reference: scoring(plain, libphonenumber),
      others: {
        'android.util.Patterns.PHONE': scoring(plain, androidPattern),
        'CommonRegex, phone': scoring(plain, commonRegex),
      },
    };
  },
};

function scoring(cases: readonly LabelledCase[], find: Finder): Contestant {
  return async () => {
    const { precision, recall } = sharesOf(score(cases, find));
    return { [PRECISION]: precision, [RECALL]: recall };
  };
}
