import { useEffect, useState } from 'preact/hooks';
import { isNeeded, lacks, type Lack } from '../../actions/lacks';
import { t } from '../../i18n/t';
import { Note } from '../../ui/Saved';

/** What this phone cannot do, found out once; null while it is tried. */
export function useLacks(): Lack[] | null {
  const [found, setFound] = useState<Lack[] | null>(null);
  useEffect(() => {
    let gone = false;
    void lacks().then((result) => !gone && setFound(result));
    return () => {
      gone = true;
    };
  }, []);
  return found;
}

/** What is needed in red, the rest as what to expect. */
export function Lacks({ found }: { found: readonly Lack[] }) {
  const grave = found.filter(isNeeded);
  const rest = found.filter((lack) => !isNeeded(lack));
  return (
    <>
      {grave.map((lack) => (
        <Note key={lack} tone="bad" icon="rc-attention" live>
          {t(`lack.${lack}`)}
        </Note>
      ))}
      {grave.length === 0 && rest.length > 0 && (
        <Note tone="warn" icon="rc-attention">
          <b>{t('lack.title')}</b>
          <ul>
            {rest.map((lack) => (
              <li key={lack}>{t(`lack.${lack}`)}</li>
            ))}
          </ul>
        </Note>
      )}
    </>
  );
}
