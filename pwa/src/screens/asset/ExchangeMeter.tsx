import { useId, useState } from 'preact/hooks';
import { exchangeMeter } from '../../actions/exchangeMeter';
import { ReadingPage, type Scale } from '../../forms/reading';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { MeterBody } from '../../protocol/entities';
import { dayIn, limitsOn } from '../../protocol/meters';
import { feedback } from '../../shell/feedback';
import { now } from '../../state/app';
import { asset, type AssetView } from '../../state/assets';
import { world } from '../../state/data';
import { sound } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Answers } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Note } from '../../ui/Saved';
import { Screen } from '../../ui/Screen';
import { useDraft, type Draft } from '../draft';
import { KeepDock, kept, NoteField, PhotosField, useKeeping } from '../keeping';
import { href, replace, type Route } from '../route';
import { clock } from '../words';

/** `end` is null where nobody could read the old meter, undefined while nobody has said. */
type Told = { meter: string | null; end: string | null | undefined; start: string | null; number: string; note: string };
type To = Extract<Route, { name: 'exchange' }>;
const EMPTY: Told = { meter: null, end: undefined, start: null, number: '', note: '' };

/** That a meter was exchanged: what the old one showed last, what the new one begins with, what stands on its case. */
export function ExchangeMeter({ to }: { to: To }) {
  const view = asset(to.asset).value;
  const draft = useDraft<Told>(`exchange ${to.asset}`, EMPTY);
  if (!view || view.meters.length === 0) {
    return (
      <Screen title={t('swap.title')} back={href({ name: 'assets' })}>
        <Empty icon="box" title={t('card.missing')}>
          {t('card.missing.why')}
        </Empty>
      </Screen>
    );
  }
  return draft.values === null ? null : <Asking view={view} to={to} draft={draft} told={draft.values} />;
}

type AskingProps = { view: AssetView; to: To; draft: Draft<Told>; told: Told };

function Asking({ view, to, draft, told }: AskingProps) {
  const [page, setPage] = useState<'end' | 'start' | null>(null);
  const keeping = useKeeping();
  const ids = { meter: useId(), end: useId(), start: useId(), number: useId() };
  const meter = view.meters.length === 1 ? view.meters[0]! : view.meters.find((one) => one.id === told.meter);
  const change = (some: Partial<Told>) => draft.change((was) => ({ ...was, ...some }));
  const place = `${view.body.number} · ${say(view.body.name)}`;

  if (page !== null && meter) {
    return (
      <ReadingPage
        of={{ field: { id: page, kind: 'number', label: both(`swap.${page}`) }, place, clock, now: now.value }}
        scale={scaleOf(meter, page === 'end')}
        read={null}
        must={page === 'start'}
        onDone={(read) => {
          setPage(null);
          if (read && 'value' in read) change({ [page]: read.value });
          else if (read) change({ end: null });
        }}
      />
    );
  }

  const shown = draft.photos.length > 0 || told.note.trim() !== '';
  const missing = !meter ? 'meter' : told.end === undefined ? 'end' : told.start === null ? 'start' : shown ? null : 'photos';
  const save = async (): Promise<void> => {
    if (!meter || told.end === undefined || told.start === null) return;
    await exchangeMeter({ meter: meter.id, end: told.end, start: told.start, number: told.number.trim() || null, ...kept(draft, told.note), scan: to.scan });
    await draft.drop();
    feedback('saved', sound.value);
    replace({ name: 'asset', asset: to.asset, scan: to.scan });
  };

  return (
    <Screen
      small
      title={t('swap.title')}
      sub={place}
      back={href({ name: 'asset', asset: to.asset, scan: to.scan })}
      dock={
        <KeepDock
          keeping={keeping}
          lack={missing === null ? null : { anchor: missing, word: t(`swap.need.${missing}`) }}
          word={t('wo.save')}
          onKeep={() => keeping.keep(save)}
        />
      }
    >
      {view.meters.length > 1 && (
        <Field questionId={ids.meter} question={t('swap.which')} anchor="meter">
          <Answers
            labelledBy={ids.meter}
            chosen={told.meter}
            onChoose={(id) => change({ meter: id, end: undefined, start: null })}
            choices={view.meters.map((one) => ({ value: one.id, word: [say(one.name), one.number].filter(Boolean).join(' ') }))}
          />
        </Field>
      )}
      {meter && (
        <>
          <Field
            questionId={ids.end}
            question={t('swap.end')}
            {...(meter.last ? { aside: t('form.last', { v: meter.last.value, time: clock(meter.last.at_ms) }) } : {})}
            anchor="end"
          >
            <Read value={told.end === null ? t('form.cannot') : told.end} unit={told.end === null ? '' : meter.unit} onOpen={() => setPage('end')} />
            {told.end === null && (
              <Note tone="warn" icon="rc-attention">
                {t('swap.end.unknown')}
              </Note>
            )}
          </Field>
          <Field questionId={ids.start} question={t('swap.start')} anchor="start">
            <Read value={told.start ?? undefined} unit={meter.unit} onOpen={() => setPage('start')} />
          </Field>
          <Field questionId={`${ids.number}q`} htmlFor={ids.number} question={t('swap.number')} aside={meter.number ? t('swap.number.was', { n: meter.number }) : t('form.optional')}>
            <input id={ids.number} type="text" maxLength={40} autocomplete="off" value={told.number} onInput={(event) => change({ number: event.currentTarget.value })} />
          </Field>
        </>
      )}
      <PhotosField draft={draft} question={t('swap.photos')} />
      <NoteField question={t('wo.words')} note={told.note} onNote={(note) => change({ note })} />
    </Screen>
  );
}

/** What stands there, and the way to the pad. */
function Read({ value, unit, onOpen }: { value: string | undefined; unit: string; onOpen: () => void }) {
  return (
    <>
      {value !== undefined && (
        <div class="reading">
          <output>{value}</output>
          <span class="unit">{unit}</span>
        </div>
      )}
      <Button icon="gauge" onPress={onOpen}>
        {t(value === undefined ? 'form.enter' : 'form.change')}
      </Button>
    </>
  );
}

/** The old meter goes on from its last reading; the new one begins anywhere. */
function scaleOf(meter: MeterBody, old: boolean): Scale {
  const zone = [...world.value.site.values()][0]?.body.time_zone ?? 'UTC';
  const { unit, decimals, kind, last, jump } = meter;
  const limits = limitsOn(meter, dayIn(now.value, zone));
  return { unit, decimals, limits, counter: kind === 'counter', last: old ? last : null, jump: old ? (jump ?? null) : null };
}

/** The words of the language that is spoken, as the label that the pad shows. */
function both(key: 'swap.end' | 'swap.start') {
  return { zh: t(key), en: t(key) };
}
