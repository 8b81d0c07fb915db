import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { DocumentBody } from '../../protocol/entities';
import { Icon } from '../../ui/Icon';
import { Section } from '../../ui/Screen';

/** The papers of an asset: how it is run, how it is kept up. */
export function Papers({ papers }: { papers: readonly DocumentBody[] }) {
  if (papers.length === 0) return null;
  return (
    <>
      <Section title={t('card.papers')} fact={String(papers.length)} />
      <ul class="rows">
        {papers.map((paper) => (
          <li key={paper.id} class="row">
            <span class="row__b">
              <strong lang={langOf(paper.title)}>
                <Icon name="doc" /> {say(paper.title)}
              </strong>
              <span class="meta">{t(`card.paper.${paper.kind}`)}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
