import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { submitAnswers } from '../../actions/submitAnswers';
import { anchorOf, type FormPhoto } from '../../forms/kind';
import { kindOf } from '../../forms/index';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { judge } from '../../protocol/forms';
import type { FormBody, FormField, TargetRef } from '../../protocol/entities';
import type { Answer } from '../../protocol/records';
import { feedback } from '../../shell/feedback';
import { now } from '../../state/app';
import { sound } from '../../state/prefs';
import { round } from '../../state/today';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Empty } from '../../ui/Empty';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { useDraft } from '../draft';
import { href, replace, type Route } from '../route';
import { lastSaved } from '../saved/last';
import { StayLeft } from '../round/Terms';
import { clock, openScan, problemText, stopName } from '../words';

/** What a person has filled in so far. */
type Filled = { values: Record<string, Answer>; texts: Record<string, string> };

const EMPTY: Filled = { values: {}, texts: {} };

/** The checklist of one stop. */
export function Checklist({ to }: { to: Extract<Route, { name: 'form' }> }) {
  const view = round(to.occurrence).value;
  const stop = view?.stops.find((each) => each.id === to.stop);
  const back = href({ name: 'round', occurrence: to.occurrence });
  if (!stop?.form) {
    return (
      <Screen title={t('kind.answers')} back={back}>
        <Empty icon="log" title={t('form.gone')}>
          {t('round.missing.why')}
        </Empty>
      </Screen>
    );
  }
  const subject: Subject = {
    name: `form ${to.occurrence} ${to.stop}`,
    place: stopName(stop),
    target: stop.target,
    occurrence: to.occurrence,
    stop: stop.id,
    scan: to.scan ?? openScan(stop),
    back,
  };
  return (
    <Filling key={subject.name} subject={subject} form={stop.form}>
      {stop.stay && (
        <p class="facts">
          <StayLeft stop={stop} form />
        </p>
      )}
    </Filling>
  );
}

/** What is filled in, and where one comes from and goes to. */
export type Subject = {
  /** Of the draft. */
  name: string;
  place: string;
  target: TargetRef | null;
  occurrence: string | null;
  stop: string | null;
  scan: string | null;
  back: string;
  /** Where it goes when it is saved; without one, to the screen that says so. */
  onward?: Route;
};
export type FillingProps = { subject: Subject; form: FormBody; children?: ComponentChildren };

/** A form being filled, at a stop or anywhere else. */
export function Filling({ subject, form, children }: FillingProps) {
  const { occurrence, stop, target, place, scan, back } = subject;
  const draft = useDraft<Filled>(subject.name, EMPTY);
  const [page, setPage] = useState<FormField | null>(null);
  const [dropping, setDropping] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  if (draft.values === null) return null;
  const { values, texts } = draft.values;
  const counts = countOf(draft.photos);
  const answers = withPhotos(form, values, counts);
  const { missing, faults } = judge(form, answers, counts);

  const answer = (field: string, next: Answer | undefined): void =>
    draft.change((before) => ({ ...before, values: put(before.values, field, next) }));

  const Page = page && kindOf(page).Page;
  if (page && Page) {
    return (
      <Page
        field={page}
        answer={values[page.id]}
        place={place}
        onDone={(next) => {
          if (next !== undefined) answer(page.id, next);
          setPage(null);
        }}
      />
    );
  }

  const save = async (): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      const saved = await submitAnswers({
        occurrence,
        stop,
        target,
        scan,
        form,
        values: answers,
        texts: written(form, answers, texts),
        note: null,
        photos: draft.photos.map(({ field, bytes, mime }) => ({ field, bytes, mime })),
      });
      await draft.drop();
      feedback(faults.length > 0 ? 'fault' : 'saved', sound.value);
      lastSaved.value = { seq: saved.seq, place, at: now.value, occurrence, fault: faults.length > 0, photosKept: saved.photosKept };
      replace(subject.onward ?? { name: 'saved', seq: saved.seq });
    } catch (error) {
      feedback('failed', sound.value);
      setTrouble(problemText(error));
      setBusy(false);
    }
  };

  const first = form.fields.find((field) => missing.includes(field.id));
  return (
    <Screen
      small
      title={place}
      sub={
        <>
          <span lang={langOf(form.name)}>{say(form.name)}</span> · {t('form.filled', { a: Object.keys(answers).length, b: form.fields.length })}
        </>
      }
      back={back}
      dock={
        <Dock plain>
          {trouble !== null && (
            <Note tone="bad" icon="rc-attention" live>
              {trouble}
            </Note>
          )}
          {first ? (
            <Button kind="todo" icon="down" onPress={() => leadTo(first.id)}>
              {t('form.left', { n: missing.length, name: say(first.label) })}
            </Button>
          ) : (
            <Button kind="main" icon="check" busy={busy} onPress={() => void save()}>
              {t(busy ? 'form.saving' : 'form.save')}
            </Button>
          )}
        </Dock>
      }
    >
      {draft.found && (
        <Note tone="calm" icon="log">
          {t('form.draft')}
        </Note>
      )}
      {children}
      {form.fields.map((field) => {
        const { Input } = kindOf(field);
        return (
          <Input
            key={field.id}
            field={field}
            answer={values[field.id]}
            onAnswer={(next) => answer(field.id, next)}
            text={texts[field.id] ?? ''}
            onText={(text) => draft.change((before) => ({ ...before, texts: { ...before.texts, [field.id]: text } }))}
            photos={draft.photos.filter((photo) => photo.field === field.id)}
            onAddPhoto={(file) => draft.addPhoto(field.id, file)}
            onDropPhoto={setDropping}
            clock={clock}
            badPhoto={draft.badPhoto === field.id}
            onOpen={() => setPage(field)}
          />
        );
      })}
      {dropping !== null && (
        <Dialog
          title={t('form.photo.drop.ask')}
          stay={t('form.photo.keep')}
          onStay={() => setDropping(null)}
          go={t('form.photo.remove')}
          onGo={() => {
            draft.dropPhoto(dropping);
            setDropping(null);
          }}
        >
          <p>{t('form.photo.drop.why')}</p>
        </Dialog>
      )}
    </Screen>
  );
}

function countOf(photos: readonly FormPhoto[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { field } of photos) if (field !== null) counts[field] = (counts[field] ?? 0) + 1;
  return counts;
}

/** The answers with those of photo fields, which are how many photos there are. */
function withPhotos(form: FormBody, values: Record<string, Answer>, counts: Record<string, number>): Record<string, Answer> {
  const answers = { ...values };
  for (const { id, kind } of form.fields) {
    const n = counts[id] ?? 0;
    if (kind === 'photo' && n > 0) answers[id] = { photos: n };
  }
  return answers;
}

/** The texts that belong to a record: of text fields, and notes under what is wrong; the rest was taken back. */
function written(form: FormBody, answers: Record<string, Answer>, texts: Record<string, string>): Record<string, string> {
  const { faults, unread } = judge(form, answers, {});
  const wanted = new Set([...faults.map((fault) => fault.field), ...unread]);
  for (const field of form.fields) if (field.kind === 'text' && answers[field.id] !== undefined) wanted.add(field.id);
  return Object.fromEntries(Object.entries(texts).filter(([field, text]) => wanted.has(field) && text.trim() !== ''));
}

function put<V>(all: Record<string, V>, key: string, value: V | undefined): Record<string, V> {
  const { [key]: _before, ...rest } = all;
  return value === undefined ? rest : { ...rest, [key]: value };
}

function leadTo(field: string): void {
  const element = document.getElementById(anchorOf(field));
  element?.scrollIntoView({ block: 'center' });
  element?.focus({ preventScroll: true });
}
