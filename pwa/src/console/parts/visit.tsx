/** How a visit reads in a row: its place, what was found, what speaks for it, where its record is. */
import type { ComponentChildren } from 'preact';
import { tc } from '../../i18n/console';
import { langOf, say } from '../../i18n/label';
import { Icon } from '../../ui/Icon';
import { StateWord, type StateLook } from '../../ui/State';
import { EstimateAndInterval } from '../../ui/TimeInterval';
import { to } from '../route';
import type { Reading, VisitRow } from '../types';
import { asks } from '../words';

/** A visit whose time or place is only claimed. */
export function isClaimed(visit: VisitRow): boolean {
  return visit.quality === 'C' || visit.quality === 'D' || visit.marks.includes('tag_unproven');
}

/** The state word of one visit. */
export function visitLook(visit: VisitRow): StateLook {
  if (visit.result === 'unknown' || visit.result === 'no_tag') return { tone: 'warn', icon: 'rc-marked', word: 'mark.unknown_tag' };
  if (isClaimed(visit)) return { tone: 'unsure', icon: 'st-unproven', word: 'state.unproven' };
  if (visit.faulty) return { tone: 'warn', icon: 'report', word: 'form.fault' };
  if (visit.late) return { tone: 'warn', icon: 'st-late', word: 'state.late' };
  return { tone: 'good', icon: 'st-done', word: 'state.done' };
}

/** Where the visit was, as the link to its evidence. */
export function PlaceLink({ visit, siteId }: { visit: VisitRow; siteId: string }) {
  return (
    <a href={to(siteId, 'visits', visit.id)} lang={visit.place ? langOf(visit.place.name) : undefined}>
      {visit.stop_number !== null && <i class="no">{visit.stop_number}</i>}
      {placeName(visit)}
    </a>
  );
}

/** The name of the visit's place. */
export function placeName(visit: Pick<VisitRow, 'place'>): string {
  return visit.place ? say(visit.place.name) : tc('visit.no_place');
}

/** One reading, with a word where it is not normal. */
export function readingText(reading: Reading): string {
  const value = `${reading.value ?? tc('form.cannot')} ${reading.unit ?? ''}`.trim();
  const level = reading.level && reading.level !== 'normal' ? ` ${tc(`level.${reading.level}`)}` : '';
  return `${say(reading.label)} ${value}${level}`;
}

/** What was done at the stop, in a few words. */
export function contentText(visit: VisitRow): string {
  const parts = visit.readings.map(readingText);
  if (visit.photos > 0) parts.push(tc('visit.photos', { n: visit.photos }));
  return parts.length > 0 ? parts.join(' · ') : tc('visit.scan_only');
}

/** Where the record stands: received, photos to come, marked. */
export function RecordState({ visit }: { visit: VisitRow }): ComponentChildren {
  if (visit.photos_pending > 0) return <StateWord look={{ tone: 'live', icon: 'rc-sending', word: 'rec.sending' }}>{tc('visit.photos_pending', { n: visit.photos_pending })}</StateWord>;
  const asked = visit.marks.filter(asks).length;
  if (asked > 0) return <StateWord look={{ tone: 'warn', icon: 'rc-marked', word: 'rec.marked' }}>{tc('visit.marks', { n: asked })}</StateWord>;
  return <StateWord look={{ tone: 'good', icon: 'rc-received', word: 'rec.received' }} />;
}

/** When a visit was: the estimate and the interval. */
export function VisitTime({ visit, zone, now }: { visit: VisitRow; zone: string; now: number }) {
  return <EstimateAndInterval lower={visit.lower_ms} upper={visit.upper_ms} estimate={visit.estimate_ms} quality={visit.quality} zone={zone} now={now} />;
}

/** What speaks for a visit besides its time: the frame of the camera, and whether the code was proven. */
export function ProofIcons({ visit }: { visit: VisitRow }) {
  if (visit.photos === 0) return <span class="meta">{tc('visit.no_photo')}</span>;
  return (
    <span class="meta nb">
      <Icon name="camera" /> {visit.photos}
    </span>
  );
}
