import { useEffect, useState } from 'preact/hooks';
import { lookAhead, scanCheckpoint, type ScanResult } from '../../actions/scanCheckpoint';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { feedback } from '../../shell/feedback';
import { placeNow, seekPlace } from '../../shell/place';
import { now } from '../../state/app';
import { agreed } from '../../state/consent';
import { sound } from '../../state/prefs';
import { round } from '../../state/today';
import { IconButton } from '../../ui/Button';
import { go, href, replace, type Route } from '../route';
import { nextStop, problemText, waitsForSecond } from '../words';
import { lastSaved } from '../saved/last';
import { lastPlace } from './last';
import { Outcome, type Shown } from './Outcome';
import { Tools } from './Tools';
import { Trouble } from './Trouble';
import { useScanner, type Hit, type ScannerState } from './useScanner';

type To = Extract<Route, { name: 'scan' }>;

/** Scan and walk on: after a hit it says "saved" and stays open for the next stop. */
export function Scan({ to, second }: { to: To; second?: { id: string; name: string } }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [flash, setFlash] = useState(0);
  const [expected, setExpected] = useState(to.stop);
  const view = to.occurrence === null ? null : round(to.occurrence).value;
  // one stop that was chosen is asked for once; after it the round leads
  const stop = view?.stops.find((each) => each.id === expected) ?? nextStop(view);

  useEffect(() => {
    if (agreed.value) seekPlace();
  }, []);

  const onHit = async (hit: Hit): Promise<void> => {
    if (!feedback('read', sound.value)) setFlash((n) => n + 1);
    setShown(null);
    if (view?.enforced) {
      const ahead = await lookAhead({ text: hit.text, occurrence: to.occurrence, expectedStop: stop?.id ?? null }).catch(() => null);
      if (ahead) {
        // nothing is kept before the person has said so; what they keep is a record like any other
        setShown({ kind: 'ask', ahead, onSave: () => void keep(hit) });
        return;
      }
    }
    await keep(hit);
  };

  const keep = async (hit: Hit): Promise<void> => {
    let result: ScanResult;
    try {
      result = await scanCheckpoint({
        text: hit.text,
        method: hit.method,
        occurrence: to.occurrence,
        expectedStop: stop?.id ?? null,
        frame: hit.frame,
        ...(agreed.value ? { fix: placeNow() } : {}),
        ...(second ? { second: second.id } : {}),
      });
    } catch (error) {
      feedback('failed', sound.value);
      setShown({ kind: 'failed', text: problemText(error) });
      return;
    }
    if (result.place) lastPlace.value = { ...result.place, at: now.value };
    if (result.result !== 'known') {
      feedback('unknown', sound.value);
      setShown({ kind: 'odd', result });
      return;
    }
    feedback('saved', sound.value);
    setExpected(null);
    if (second) {
      // theirs is the one scan; the round goes on with whoever is signed in
      const place = [result.place && `${result.place.number} ${say(result.place.name)}`, second.name].filter(Boolean).join(' · ');
      lastSaved.value = { seq: result.seq, place, at: now.value, occurrence: to.occurrence, fault: false, photosKept: result.frameKept };
      replace({ name: 'saved', seq: result.seq });
      return;
    }
    if (result.needsForm && result.occurrence !== null && result.stop) {
      replace({ name: 'form', occurrence: result.occurrence, stop: result.stop.id, scan: result.hash });
      return;
    }
    // outside of a round the code of a thing opens its card
    if (result.stop === null && result.place?.target.kind === 'asset') {
      replace({ name: 'asset', asset: result.place.target.id, scan: result.hash });
      return;
    }
    setShown({ kind: 'saved', result });
  };

  const scanner = useScanner(onHit);
  const back = to.occurrence === null ? href({ name: 'today' }) : href({ name: 'round', occurrence: to.occurrence });
  const works = scanner.state === 'starting' || scanner.state === 'looking' || scanner.state === 'frozen';

  return (
    <div class="scanner" data-frozen={scanner.state === 'frozen' ? '' : undefined}>
      {/* the camera's own picture: nothing is said in it */}
      <video ref={scanner.video} class="scanner__cam" aria-hidden="true" muted playsInline />
      <canvas ref={scanner.frame} class="scanner__cam scanner__frame" aria-hidden="true" />
      {flash > 0 && <div key={flash} class="scanner__flash" aria-hidden="true" />}
      <header class="scanner__top">
        <IconButton name="close" label={t('scan.close')} href={back} />
        <div class="grow">
          <h1>
            <span class="scanner__ask">{second ? t('crew2.scan', { name: second.name }) : stop ? t('scan.expect', { n: stop.number }) : t('scan.free')}</span>
            {stop && <strong lang={langOf(stop.name)}>{say(stop.name)}</strong>}
          </h1>
        </div>
      </header>
      <main class="scanner__main">
        {works ? (
          <>
            <div class="scanner__aim">{shown === null && <Aim />}</div>
            {shown === null && (
              <p class="scanner__hint" role="status">
                {hintOf(scanner.state)}
              </p>
            )}
          </>
        ) : (
          <Trouble state={scanner.state} onRetry={scanner.retry} />
        )}
        <div aria-live="assertive">
          {shown && (
            <Outcome
              shown={shown}
              next={nextStop(view)}
              wanted={stop ?? null}
              onAgain={() => setShown(null)}
              onFault={(occurrence, stopId) => go({ name: 'finding', occurrence, stop: stopId })}
              roundHref={back}
              second={shown.kind === 'saved' && view && waitsForSecond(view, shown.result.stop?.id ?? null)}
            />
          )}
        </div>
        <Tools scanner={scanner} onNone={() => setShown({ kind: 'failed', text: t('scan.photo.none') })} />
      </main>
    </div>
  );
}

function hintOf(state: ScannerState): string {
  if (state === 'starting') return t('scan.starting');
  return t(state === 'frozen' ? 'scan.reading' : 'scan.hint');
}

function Aim() {
  return (
    <svg viewBox="0 0 272 272" aria-hidden="true" focusable="false">
      <path d="M6 60V22A16 16 0 0 1 22 6h38M212 6h38a16 16 0 0 1 16 16v38M266 212v38a16 16 0 0 1-16 16h-38M60 266H22a16 16 0 0 1-16-16v-38" />
    </svg>
  );
}
