import { useId, useState } from 'preact/hooks';
import { actOnOrder } from '../../actions/orderActs';
import { t } from '../../i18n/t';
import { feedback } from '../../shell/feedback';
import { order } from '../../state/orders';
import { sound } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Answers } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Signature } from '../../ui/ink/Signature';
import { Dock, Screen } from '../../ui/Screen';
import { TroubleNote, useKeeping } from '../keeping';
import { href, replace, type Route } from '../route';
import { orderNumber, orderTitle } from './words';

/** What there is of a signature: what was drawn, or that the name was typed instead. */
type Signed = { png: Uint8Array } | 'typed';

/** Who signs, then the name drawn with a finger or typed. What is drawn is sealed with what was done. */
export function Sign({ to }: { to: Extract<Route, { name: 'act' }> }) {
  const view = order(to.order).value;
  const [by, setBy] = useState<'customer' | 'supervisor'>('customer');
  const [name, setName] = useState('');
  const [signed, setSigned] = useState<Signed | null>(null);
  const [drawing, setDrawing] = useState(false);
  const keeping = useKeeping();
  const id = useId();
  if (!view) {
    return (
      <Screen title={t('wo.title')} back={href({ name: 'orders' })}>
        <Empty icon="order" title={t('wo.missing')}>
          {t('wo.missing.why')}
        </Empty>
      </Screen>
    );
  }
  const sub = `${orderNumber(view)} · ${orderTitle(view)}`;
  if (drawing) {
    return (
      <Signature
        title={t('wo.sign.draw')}
        sub={sub}
        name={{ value: name, onChange: setName }}
        asksName
        onDone={(png) => {
          setSigned({ png });
          setDrawing(false);
        }}
        onTyped={() => {
          setSigned('typed');
          setDrawing(false);
        }}
        onCancel={() => setDrawing(false)}
      />
    );
  }
  const save = async (): Promise<void> => {
    if (signed === null) return;
    if (signed === 'typed') await actOnOrder(view.id, 'order.sign', { by, how: 'typed' }, { name });
    else await actOnOrder(view.id, 'order.sign', { by }, { name, photos: [{ field: null, bytes: signed.png, mime: 'image/png', role: 'signature' }] });
    feedback('saved', sound.value);
    replace({ name: 'order', order: view.id });
  };
  return (
    <Screen
      small
      title={t('wo.sign')}
      sub={sub}
      back={href({ name: 'order', order: view.id })}
      dock={
        <Dock plain>
          <TroubleNote>{keeping.trouble}</TroubleNote>
          {signed === null ? (
            <Button kind="main" icon="pen" onPress={() => setDrawing(true)}>
              {t('wo.sign.draw')}
            </Button>
          ) : (
            <Button kind="main" icon="check" busy={keeping.busy} object={name === '' ? undefined : name} onPress={() => keeping.keep(save)}>
              {t(keeping.busy ? 'form.saving' : 'wo.save')}
            </Button>
          )}
        </Dock>
      }
    >
      <Field questionId={id} question={t('wo.sign.by')}>
        <Answers
          labelledBy={id}
          chosen={by}
          onChoose={setBy}
          choices={[
            { value: 'customer', word: t('wo.sign.customer') },
            { value: 'supervisor', word: t('wo.sign.supervisor') },
          ]}
        />
      </Field>
      {signed !== null && (
        <>
          {signed === 'typed' ? (
            <div class="card">
              <p class="strong">{name}</p>
              <p class="meta">{t('ink.typed')}</p>
            </div>
          ) : (
            <Drawn png={signed.png} />
          )}
          <Button icon="pen" onPress={() => setDrawing(true)}>
            {t('wo.sign.again')}
          </Button>
        </>
      )}
    </Screen>
  );
}

/** What was drawn, as it will be kept. */
function Drawn({ png }: { png: Uint8Array }) {
  const [url] = useState(() => URL.createObjectURL(new Blob([png as Uint8Array<ArrayBuffer>], { type: 'image/png' })));
  return <img class="signed" src={url} alt={t('wo.sign')} />;
}
