/** How the state of a record is shown: the record's own, and that of its photos. */
import { t } from '../../i18n/t';
import type { LogEntry } from '../../state/log';
import { recordLooks, type StateLook } from '../../ui/State';

/** A lost photo and a refusal need a person; a mark asks; else the record's own state. */
export function lookOf(entry: LogEntry): StateLook {
  if (entry.state === 'attention' || entry.photos.some((photo) => photo.state === 'lost')) return recordLooks.attention;
  if (entry.marks.length > 0 && entry.state === 'received') return recordLooks.marked;
  return recordLooks[entry.state];
}

/** The words beside the icon. */
export function wordsOf(entry: LogEntry): string {
  if (entry.photos.some((photo) => photo.state === 'lost')) return t('rec.photo_lost');
  if (entry.state === 'attention') return t('rec.attention');
  if (entry.state === 'received') {
    const left = entry.photos.filter((photo) => photo.state === 'saved').length;
    if (left > 0) return t('rec.photos_left', { n: left });
    if (entry.marks.length === 0) return t('rec.received');
    return `${t('rec.received')} · ${t(entry.explained.length > 0 ? 'rec.explained' : 'rec.marked')}`;
  }
  return t(entry.state === 'sending' ? 'rec.sending' : 'rec.saved');
}
