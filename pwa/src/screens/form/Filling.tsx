/** A form being filled in, wherever that is: at a stop, or at a work order. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { pictureUrl } from '../../actions/pictureUrl';
import { submitAnswers } from '../../actions/submitAnswers';
import { fillingOf, writtenOf } from '../../forms/filling';
import { anchorOf, type InputProps, type Surroundings } from '../../forms/kind';
import { kindOf, prepare } from '../../forms/index';
import { stampTime } from '../../i18n/format';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { FormBody, FormField, TargetRef } from '../../protocol/entities';
import type { Answer } from '../../protocol/records';
import { feedback } from '../../shell/feedback';
import { now, person } from '../../state/app';
import { definitionsOf, metersAt, partsKnown } from '../../state/fields';
import { sound } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { later } from '../../ui/later';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { useDraft, type Draft } from '../draft';
import { replace, type Route } from '../route';
import { lastSaved } from '../saved/last';
import { clock, problemText, zone } from '../words';

/** What a person has filled in so far. */
type Filled = { values: Record<string, Answer>; texts: Record<string, string> };

const MarkUp = later(() => import('../../ui/ink/MarkUp').then((m) => m.MarkUp));

const EMPTY: Filled = { values: {}, texts: {} };

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

/** A form being filled, at a stop or anywhere else: every field that is asked, and the main act that names what is missing. */
export function Filling({ subject, form, children }: FillingProps) {
  const draft = useDraft<Filled>(subject.name, EMPTY);
  const [ready, setReady] = useState(false);
  useEffect(() => {
    void prepare(form.fields).then(() => setReady(true));
  }, [form]);
  if (draft.values === null || !ready) return null;
  return (
    <Fields subject={subject} form={form} draft={draft} filled={draft.values}>
      {children}
    </Fields>
  );
}

type FieldsProps = FillingProps & { draft: Draft<Filled>; filled: Filled };

function Fields({ subject, form, children, draft, filled }: FieldsProps) {
  const { occurrence, stop, scan, target, place, back } = subject;
  const [page, setPage] = useState<FormField | null>(null);
  const [marking, setMarking] = useState<string | null>(null);
  const [dropping, setDropping] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);

  const { values, texts } = filled;
  const meters = metersAt(target);
  const definitions = definitionsOf(meters);
  const filling = fillingOf(form, values, draft.photos, definitions);
  const { judgement, standings } = filling;
  const shown = standings.filter((one) => one.shown);
  // a meter that this place does not have cannot be read: it keeps nobody from saving
  const missing = judgement.missing.filter((id) => form.fields.some((field) => field.id === id && !(field.kind === 'meter' && !meters.has(field.meter))));

  const answer = (field: string, next: Answer | undefined): void =>
    draft.change((before) => ({ ...before, values: put(before.values, field, next) }));
  const around = (field: FormField): Surroundings => ({
    meter: field.kind === 'meter' ? (meters.get(field.meter) ?? null) : null,
    parts: field.kind === 'part' ? partsKnown() : [],
    clock,
    now: now.value,
    loadPicture: pictureUrl,
  });
  const words = (field: FormField): Pick<InputProps, 'text' | 'onText' | 'onMade'> => ({
    text: texts[field.id] ?? '',
    onText: (text) => draft.change((before) => ({ ...before, texts: { ...before.texts, [field.id]: text } })),
    onMade: (made) => draft.make(field.id, made),
  });

  const Page = page && kindOf(page).Page;
  if (page && Page) {
    return (
      <Page
        {...around(page)}
        {...words(page)}
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
  const marked = draft.photos.find((photo) => photo.key === marking);
  if (marked?.url) {
    return (
      <MarkUp
        title={t('ink.mark')}
        url={marked.url}
        onDone={(jpeg) => {
          draft.markPhoto(marked.key, jpeg);
          setMarking(null);
        }}
        onCancel={() => setMarking(null)}
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
        meters: definitions,
        values: filling.answers,
        texts: writtenOf(filling, texts),
        note: null,
        photos: filling.photos.map(({ key, field, bytes, mime, role, of }) => ({
          key,
          field,
          bytes,
          mime,
          ...(role === undefined ? {} : { role }),
          ...(of === undefined ? {} : { of }),
        })),
      });
      await takeParts(filling.answers, subject);
      await draft.drop();
      const faulty = judgement.faults.length > 0;
      feedback(faulty ? 'fault' : 'saved', sound.value);
      lastSaved.value = { seq: saved.seq, place, at: now.value, occurrence, fault: faulty, photosKept: saved.photosKept };
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
          <span lang={langOf(form.name)}>{say(form.name)}</span> ·{' '}
          {t('form.filled', { a: shown.filter((one) => one.answer !== undefined).length, b: shown.length })}
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
      {shown.map(({ field, required, answer: given }) => {
        const { Input } = kindOf(field);
        const taken = draft.photos.filter((photo) => photo.field === field.id && photo.of === undefined);
        return (
          <Input
            key={field.id}
            {...around(field)}
            {...words(field)}
            field={field}
            required={required}
            answer={given}
            onAnswer={(next) => answer(field.id, next)}
            photos={taken.filter((photo) => (photo.role ?? 'photo') === 'photo')}
            onAddPhoto={(file) => draft.addPhoto(field.id, file, stampOf(field, place))}
            onDropPhoto={setDropping}
            onMarkUp={setMarking}
            made={taken.find((photo) => photo.role === 'voice' || photo.role === 'signature') ?? null}
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

/** What the answers say was used leaves the stock. The answers are saved already: a move that finds no room is found by the next count. */
async function takeParts(answers: Record<string, Answer>, { target, onward }: Subject): Promise<void> {
  const order = onward?.name === 'order' ? onward.order : null;
  const asset = target?.kind === 'asset' ? target.id : null;
  for (const used of Object.values(answers)) {
    if (typeof used !== 'object' || !('part' in used)) continue;
    const milli = Math.round(Number(used.quantity) * 1000);
    if (milli <= 0) continue;
    const { movePart } = await import('../../actions/movePart');
    await movePart({ part: used.part, milli, why: 'used', order, asset }).catch(() => undefined);
  }
}

/** What is drawn onto a photo where the form wants it: when, where, who. */
function stampOf(field: FormField, place: string): string[] {
  if (field.kind !== 'photo' || !field.stamp) return [];
  return [stampTime(now.value, zone()), [place, person.value?.name].filter(Boolean).join(' · ')];
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
