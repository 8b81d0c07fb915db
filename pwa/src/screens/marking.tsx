/** Drawing with a finger onto a photo of a draft. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/t';
import { later } from '../ui/later';
import type { Draft } from './draft';

const MarkUp = later(() => import('../ui/ink/MarkUp').then((m) => m.MarkUp));

export type Marking = {
  /** The page on which somebody draws, instead of the screen; null while nobody does. */
  page: ComponentChildren | null;
  onMark: (key: string) => void;
};

/** Whether and onto which of a draft's photos somebody draws. What was taken stays with what was drawn. */
export function useMarking<T>(draft: Draft<T>): Marking {
  const [key, setKey] = useState<string | null>(null);
  const marked = draft.photos.find((photo) => photo.key === key);
  const page = marked?.url ? (
    <MarkUp
      title={t('ink.mark')}
      url={marked.url}
      onDone={(jpeg) => {
        draft.markPhoto(marked.key, jpeg);
        setKey(null);
      }}
      onCancel={() => setKey(null)}
    />
  ) : null;
  return { page, onMark: setKey };
}
