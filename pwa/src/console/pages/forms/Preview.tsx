/** The form as the phone shows it, beside the editor: the phone's own parts in its own styles, ready to be tried. */
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say, type Label } from '../../../i18n/label';
import { t } from '../../../i18n/t';
import { kindOf } from '../../../forms/index';
import { fillingOf } from '../../../forms/filling';
import type { FormPhoto, MeterSeen, Surroundings } from '../../../forms/kind';
import { bodyOf } from '../../../protocol/shapes';
import type { FormBody, FormField } from '../../../protocol/entities';
import type { Meters } from '../../../protocol/forms';
import type { Answer } from '../../../protocol/records';
import phoneStyles from '../../../ui/phone.css?url';
import partStyles from '../../../ui/parts.css?url';
import { Inside } from '../../../ui/Screen';
import type { FormField as Published } from '../../types';

export type PreviewProps = { siteId: string; name: Label; fields: readonly Published[] };

/** A phone's frame. What is filled in there is kept nowhere. */
export function Preview(props: PreviewProps) {
  const host = useRef<HTMLDivElement>(null);
  const root = useRef<HTMLDivElement | null>(null);
  useEffect(() => {
    // the styles of phone and console name the same things: a shadow keeps them apart
    const shadow = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: 'open' });
    for (const href of [partStyles, phoneStyles]) {
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = href;
      shadow.append(link);
    }
    const inside = document.createElement('div');
    shadow.append(inside);
    root.current = inside;
    return () => {
      render(null, inside);
      shadow.replaceChildren();
    };
  }, []);
  useEffect(() => {
    if (root.current) render(<Inside.Provider value={true}><Trial {...props} /></Inside.Provider>, root.current);
  });
  return (
    <aside class="preview" aria-label={tc('form.preview')}>
      <h2 class="form__h">{tc('form.preview')}</h2>
      <div ref={host} class="preview__phone" />
      <p class="meta">{tc('form.preview.why')}</p>
    </aside>
  );
}

const NAMELESS: Label = { zh: '…', en: '…' };

function Trial({ siteId, name, fields }: PreviewProps) {
  const [values, setValues] = useState<Record<string, Answer>>({});
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [photos, setPhotos] = useState<readonly FormPhoto[]>([]);
  const [page, setPage] = useState<FormField | null>(null);
  const form = shown(name, fields);
  const meters = Object.fromEntries(form.fields.filter((field) => field.kind === 'meter').map((field) => [field.id, field]));
  const filling = fillingOf(form, values, photos, {} satisfies Meters);

  const around = (field: FormField): Surroundings => ({
    meter: field.id in meters ? example(field) : null,
    parts: [],
    clock: (ms) => new Date(ms).toTimeString().slice(0, 5),
    now: Date.now(),
    loadPicture: (sha256) => Promise.resolve(`/api/v1/sites/${siteId}/pictures/${sha256}`),
  });
  const answer = (id: string, next: Answer | undefined): void =>
    setValues(({ [id]: _before, ...rest }) => (next === undefined ? rest : { ...rest, [id]: next }));
  const add = (photo: Omit<FormPhoto, 'key' | 'at' | 'url'>): void => {
    const url = URL.createObjectURL(new Blob([photo.bytes as Uint8Array<ArrayBuffer>], { type: photo.mime }));
    setPhotos((before) => [...before.filter((one) => photo.role === undefined || one.field !== photo.field), { ...photo, key: crypto.randomUUID(), at: Date.now(), url }]);
  };
  const words = (field: FormField) => ({
    text: texts[field.id] ?? '',
    onText: (text: string) => setTexts((before) => ({ ...before, [field.id]: text })),
    onMade: (made: { bytes: Uint8Array; mime: string; role: 'voice' | 'signature' } | null) => {
      if (made) add({ ...made, field: field.id });
      else setPhotos((before) => before.filter((one) => one.field !== field.id));
    },
  });

  const Page = page && kindOf(page).Page;
  if (page && Page) {
    return (
      <Page
        {...around(page)}
        {...words(page)}
        field={page}
        answer={values[page.id]}
        place={say(form.name)}
        onDone={(next) => {
          if (next !== undefined) answer(page.id, next);
          setPage(null);
        }}
      />
    );
  }
  const left = filling.judgement.missing.length;
  const asked = filling.standings.filter((one) => one.shown);
  return (
    <div class="phone">
      <header class="top">
        <div class="top__t">
          <h1 class="top__small" lang={langOf(form.name)}>
            {say(form.name)}
          </h1>
          <p class="meta">{t('form.filled', { a: asked.filter((one) => one.answer !== undefined).length, b: asked.length })}</p>
        </div>
      </header>
      <div class="page">
        {asked.map(({ field, required, answer: given }) => {
          const { Input } = kindOf(field);
          return (
            <Input
              key={`${field.id} ${field.kind}`}
              {...around(field)}
              {...words(field)}
              field={field}
              required={required}
              answer={given}
              onAnswer={(next) => answer(field.id, next)}
              photos={photos.filter((photo) => photo.field === field.id && photo.role === undefined)}
              onAddPhoto={(file) => void file.arrayBuffer().then((bytes) => add({ field: field.id, bytes: new Uint8Array(bytes), mime: file.type }))}
              onDropPhoto={(key) => setPhotos((before) => before.filter((one) => one.key !== key))}
              onMarkUp={() => undefined}
              made={photos.find((photo) => photo.field === field.id && photo.role !== undefined) ?? null}
              badPhoto={false}
              onOpen={() => setPage(field)}
            />
          );
        })}
      </div>
      <footer class="dock dock--plain">
        <p class="dock__say">{left > 0 ? tc('form.preview.left', { n: left }) : tc('form.preview.done')}</p>
      </footer>
    </div>
  );
}

/** What a phone would make of the fields as they stand: one that is half written is left out until it can be shown. */
function shown(name: Label, fields: readonly Published[]): FormBody {
  const named = name.zh === '' ? NAMELESS : name;
  const body = { id: '00000000-0000-4000-8000-000000000000', name: named, edition: 1, fields: fields.map((field) => ({ ...field, label: field.label.zh === '' ? NAMELESS : field.label })) };
  return bodyOf('form', body) ?? { ...body, fields: [] };
}

/** A meter that stands for the asset's own, whose limits the form does not know. */
function example(field: FormField): MeterSeen | null {
  if (field.kind !== 'meter') return null;
  return { id: '00000000-0000-4000-8000-000000000001', edition: 1, name: field.label, unit: field.unit ?? '', decimals: field.decimals ?? 2, kind: 'gauge', limits: {}, last: null, jump: null };
}
