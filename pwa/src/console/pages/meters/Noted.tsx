import { tc } from '../../../i18n/console';
import { may } from '../../model/may';
import type { Reading } from './types';

/** What a technician noted of an exchange: the number of the new meter, words, photos. */
export function Noted({ siteId, one }: { siteId: string; one: Reading }) {
  return (
    <>
      {one.number !== null && <small>{tc('meter.noted.number', { n: one.number })}</small>}
      {one.note !== null && <small>{one.note}</small>}
      {may('see.photos') &&
        one.photos.map((sha256, i) => (
          <small key={sha256}>
            <a href={`/api/v1/sites/${siteId}/photos/${sha256}`} target="_blank" rel="noopener">
              {tc('orders.photo', { n: i + 1 })}
            </a>
          </small>
        ))}
    </>
  );
}
