import { say } from '../../../i18n/label';
import type { ChainLink } from '../../../ui/Chain';
import type { Evidence } from '../../types';
import { recordKind } from '../../words';

/** The neighbours as links, with a box where numbers are missing. */
export function chainLinks({ records, gap_before, gap_after }: Evidence['chain']): ChainLink[] {
  const links: ChainLink[] = [];
  records.forEach((record, n) => {
    const previous = records[n - 1];
    if (previous && record.seq > previous.seq + 1) links.push({ kind: 'gap', from: previous.seq + 1, to: record.seq - 1 });
    else if (!previous && gap_before && record.this && record.seq > 1) links.push({ kind: 'gap', from: record.seq - 1, to: record.seq - 1 });
    const title = record.title ? say(record.title) : recordKind(record.type ?? '');
    links.push({ kind: 'record', seq: record.seq, hash: record.hash, title, here: record.this, signature: record.signature });
    if (n === records.length - 1 && gap_after && record.this) links.push({ kind: 'gap', from: record.seq + 1, to: record.seq + 1 });
  });
  return links;
}
