import { useId, useState } from 'preact/hooks';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { assetCount, findAssets } from '../../state/assets';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Row } from '../../ui/Row';
import { Dock, Screen } from '../../ui/Screen';
import { href } from '../route';

/** How many are shown: more than these nobody reads on a phone. */
const MOST = 50;

/** Find an asset by number, name, place, maker or serial number; works without a network. */
export function Assets() {
  const [question, setQuestion] = useState('');
  const id = useId();
  const found = findAssets(question, MOST);
  return (
    <Screen
      title={t('card.find')}
      sub={t('card.count', { n: assetCount.value })}
      back={href({ name: 'orders' })}
      dock={
        <Dock plain>
          <Button kind="main" icon="scan" object={t('card.scan.object')} href={href({ name: 'scan', occurrence: null, stop: null })}>
            {t('scan.any')}
          </Button>
        </Dock>
      }
    >
      <Field questionId={`${id}q`} htmlFor={id} question={t('card.find.by')}>
        <input id={id} type="search" class="input" enterkeyhint="search" autocomplete="off" value={question} onInput={(event) => setQuestion(event.currentTarget.value)} />
      </Field>
      <p class="vh" role="status">
        {t('card.found', { n: found.length })}
      </p>
      {found.length === 0 ? (
        <div class="card">
          <Empty icon="search" title={t('card.none')}>
            {t('card.none.why')}
          </Empty>
        </div>
      ) : (
        <ul class="rows">
          {found.map((one) => (
            <Row key={one.id} href={href({ name: 'asset', asset: one.id, scan: null })} title={<span lang={langOf(one.name)}>{`${one.number} ${say(one.name)}`}</span>}>
              {one.zone && <span class="meta">{say(one.zone)}</span>}
              {one.retired && <span class="meta">{t('card.retired')}</span>}
            </Row>
          ))}
        </ul>
      )}
      {found.length === MOST && <p class="meta">{t('card.more', { n: MOST })}</p>}
    </Screen>
  );
}
