import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { CopyButton } from '../../parts/CopyButton';

/** Recovery codes, the one time that they are shown. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <section class="codes" aria-label={tc('recovery.title')}>
      <h2>{tc('recovery.title')}</h2>
      <p>{tc('recovery.why')}</p>
      <ol class="codes__l">
        {codes.map((code) => (
          <li key={code} class="code">
            {code}
          </li>
        ))}
      </ol>
      <div class="acts noprint">
        <CopyButton text={codes.join('\n')} />
        <Button icon="print" onPress={() => print()}>
          {tc('act.print')}
        </Button>
        <Button kind="ink" onPress={onDone}>
          {tc('recovery.done')}
        </Button>
      </div>
    </section>
  );
}
