import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { DocumentBody } from '../../protocol/entities';
import { Icon } from '../../ui/Icon';
import { Row } from '../../ui/Row';
import { Section } from '../../ui/Screen';
import { href } from '../route';

/** The papers of an asset: how it is run, how it is kept up. */
export function Papers({ papers, asset }: { papers: readonly DocumentBody[]; asset: string }) {
  if (papers.length === 0) return null;
  return (
    <>
      <Section title={t('card.papers')} fact={String(papers.length)} />
      <ul class="rows">
        {papers.map((paper) => (
          <Row
            key={paper.id}
            href={href({ name: 'document', document: paper.id, asset })}
            title={
              <span lang={langOf(paper.title)}>
                <Icon name="doc" /> {say(paper.title)}
              </span>
            }
          >
            <span class="meta">{[t(`card.paper.${paper.kind}`), t('paper.pages', { n: paper.file.pages.length })].join(' · ')}</span>
          </Row>
        ))}
      </ul>
    </>
  );
}
