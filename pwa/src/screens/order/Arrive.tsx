import { useEffect, useState } from 'preact/hooks';
import { actOnOrder } from '../../actions/orderActs';
import { scanCheckpoint, type ScanResult } from '../../actions/scanCheckpoint';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { feedback } from '../../shell/feedback';
import { placeNow, seekPlace } from '../../shell/place';
import { now } from '../../state/app';
import { agreed } from '../../state/consent';
import { order } from '../../state/orders';
import { nameOfTarget } from '../../state/places';
import { sound } from '../../state/prefs';
import { Button, IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { href, replace, type Route } from '../route';
import { lastPlace } from '../scan/last';
import { Tools } from '../scan/Tools';
import { Trouble } from '../scan/Trouble';
import { useScanner, type Hit } from '../scan/useScanner';
import { problemText } from '../words';

type Odd = { text: string; scan: string | null };

/** To arrive is to scan the thing itself; to leave as well. The scan is evidence of its own. */
export function Arrive({ to }: { to: Extract<Route, { name: 'arrive' }> }) {
  const view = order(to.order).value;
  const [odd, setOdd] = useState<Odd | null>(null);
  const [flash, setFlash] = useState(0);
  const type = to.leaving ? 'order.leave' : 'order.arrive';
  const target = view?.target ?? null;
  const name = target && nameOfTarget(target);
  const back = href({ name: 'order', order: to.order });

  useEffect(() => {
    if (agreed.value) seekPlace();
  }, []);

  const arrive = async (scan: string): Promise<void> => {
    try {
      await actOnOrder(to.order, type, { scan }, { deps: [scan] });
      feedback('saved', sound.value);
      replace({ name: 'order', order: to.order });
    } catch (error) {
      feedback('failed', sound.value);
      setOdd({ text: problemText(error), scan: null });
    }
  };

  const onHit = async (hit: Hit): Promise<void> => {
    if (!feedback('read', sound.value)) setFlash((n) => n + 1);
    setOdd(null);
    let result: ScanResult;
    try {
      const { text, method, frame } = hit;
      result = await scanCheckpoint({ text, method, occurrence: null, expectedStop: null, frame, ...(agreed.value ? { fix: placeNow() } : {}) });
    } catch (error) {
      feedback('failed', sound.value);
      return setOdd({ text: problemText(error), scan: null });
    }
    const { place } = result;
    if (place) lastPlace.value = { ...place, at: now.value };
    const fits = place !== null && (target === null || (place.target.kind === target.kind && place.target.id === target.id));
    if (fits) return arrive(result.hash);
    feedback('unknown', sound.value);
    return setOdd({ text: place ? t('wo.arrive.other', { name: say(place.name) }) : t('wo.arrive.unknown'), scan: result.hash });
  };

  const scanner = useScanner(onHit);
  const works = scanner.state === 'starting' || scanner.state === 'looking' || scanner.state === 'frozen';
  return (
    <div class="scanner" data-frozen={scanner.state === 'frozen' ? '' : undefined}>
      <video ref={scanner.video} class="scanner__cam" aria-hidden="true" muted playsInline />
      <canvas ref={scanner.frame} class="scanner__cam scanner__frame" aria-hidden="true" />
      {flash > 0 && <div key={flash} class="scanner__flash" aria-hidden="true" />}
      <header class="scanner__top">
        <IconButton name="close" label={t('scan.close')} href={back} />
        <div class="grow">
          <h1>
            <span class="scanner__ask">{t(to.leaving ? 'wo.leave' : 'wo.arrive')}</span>
            <strong lang={name ? langOf(name) : undefined}>{name ? t('wo.arrive.scan', { name: say(name) }) : t('wo.arrive.any')}</strong>
          </h1>
        </div>
      </header>
      <main class="scanner__main">
        {works ? (
          odd === null && (
            <p class="scanner__hint" role="status">
              {t(scanner.state === 'starting' ? 'scan.starting' : scanner.state === 'frozen' ? 'scan.reading' : 'scan.hint')}
            </p>
          )
        ) : (
          <Trouble state={scanner.state} onRetry={scanner.retry} />
        )}
        <div aria-live="assertive">
          {odd && (
            <section class="outcome" data-tone="warn">
              <Icon name="rc-attention" />
              <div class="outcome__b">
                <strong>{odd.text}</strong>
              </div>
              <div class="outcome__acts">
                <Button onPress={() => setOdd(null)}>{t('wo.arrive.again')}</Button>
                {odd.scan !== null && <Button onPress={() => void arrive(odd.scan!)}>{t('wo.arrive.still')}</Button>}
              </div>
            </section>
          )}
        </div>
        <Tools
          scanner={scanner}
          onNone={() => setOdd({ text: t('scan.photo.none'), scan: null })}
          more={
            <a class="scanner__tool" href={href({ name: 'act', order: to.order, act: to.leaving ? 'leave' : 'arrive' })}>
              <Icon name="hand" />
              {t('wo.arrive.nocode')}
            </a>
          }
        />
      </main>
    </div>
  );
}
