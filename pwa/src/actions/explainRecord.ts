/** A person says how a record of theirs came about that has a mark. */
import { seal } from '../sync/seal';
import { record } from './problem';
import { signedIn } from './signedIn';
import { noteOf } from './texts';

/** Keep the words, as a record about the record `hash`. Resolves when it is on the disk. */
export function explainRecord(hash: string, words: string): Promise<void> {
  return record(async () => {
    const { phone, actor, site } = signedIn();
    const note = noteOf(words);
    await seal(
      phone,
      () => ({ type: 'explain', actor, site, private: note === null ? {} : { note }, p: { record: hash } }),
      {},
    );
  });
}
