import { tc } from '../../../i18n/console';
import { clockTimeWithSeconds, moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Chain } from '../../../ui/Chain';
import { Chip, OccurrenceChip, StateWord } from '../../../ui/State';
import { EstimateAndInterval } from '../../../ui/TimeInterval';
import { longDay, stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { session } from '../../model/session';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, Panel, type Crumb } from '../../parts/Page';
import { placeName, visitLook } from '../../parts/visit';
import { to } from '../../route';
import { asks } from '../../words';
import type { Evidence, PageProps, SiteRef, VisitRow } from '../../types';
import { AnswersPanel, FindingsPanel, MarksPanel, PlacePanel, RawPanel } from './Facts';
import { IntervalFigure } from './IntervalFigure';
import { chainLinks } from './links';
import { FramePanel, PhotosPanel } from './Pictures';

/** Everything that speaks for one visit, on one sheet. */
export function EvidencePage({ site, id }: PageProps) {
  const { value, problem, reload } = useLoad<Evidence>(`/sites/${site.id}/visits/${id ?? ''}`);
  const crumbs: Crumb[] = [{ href: to(site.id, 'log'), word: tc('nav.patrol') }];
  if (!value) {
    return (
      <Page title={tc('evidence.title')} crumbs={[...crumbs, { word: tc('evidence.title') }]}>
        {problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />}
      </Page>
    );
  }
  return <Sheet evidence={value} site={site} crumbs={crumbs} />;
}

function Sheet({ evidence, site, crumbs }: { evidence: Evidence; site: SiteRef; crumbs: Crumb[] }) {
  const zone = site.time_zone;
  const { time, occurrence_view: round, marks } = evidence;
  const at = clockTimeWithSeconds(time.wall_ms, zone);
  if (round && evidence.occurrence) {
    const plan = evidence.plan ? say(evidence.plan) : '';
    crumbs = [...crumbs, { href: to(site.id, 'rounds', evidence.occurrence), word: `${plan} · ${tc('round.ordinal', { n: round.ordinal })}` }];
  }
  crumbs = [...crumbs, { word: evidence.stop_number === null ? `#${evidence.seq}` : tc('round.stop.n', { n: evidence.stop_number }) }];
  return (
    <Page
      title={placeName(evidence)}
      crumbs={crumbs}
      chips={
        <>
          {round ? <OccurrenceChip state={round.state} /> : <StateWord look={visitLook({ ...evidence, photos: 0 } as VisitRow)} />}
          {marks.some(asks) && <Chip tone="warn" icon="rc-marked">{tc('visit.marks', { n: marks.filter(asks).length })}</Chip>}
        </>
      }
      sub={[longDay(evidence.estimate_ms, zone), evidence.person?.name].filter(Boolean).join(' · ')}
      acts={<Button icon="print" onPress={() => print()}>{tc('evidence.print')}</Button>}
    >
      <PrintHead site={site} />
      <div class="ev">
        <div>
          <FramePanel evidence={evidence} at={at} />
          <TimePanel evidence={evidence} zone={zone} />
          <ChainPanel evidence={evidence} zone={zone} />
          <PhotosPanel evidence={evidence} at={at} />
        </div>
        <div>
          <AnswersPanel evidence={evidence} />
          <MarksPanel marks={marks} explanations={evidence.explanations} zone={zone} />
          <FindingsPanel evidence={evidence} />
          <PlacePanel evidence={evidence} />
          <RawPanel evidence={evidence} />
        </div>
      </div>
    </Page>
  );
}

function TimePanel({ evidence, zone }: { evidence: Evidence; zone: string }) {
  const { time } = evidence;
  return (
    <section class="panel">
      <header>
        <h2>
          {tc('time.title')}
          <EstimateAndInterval lower={time.lower_ms} upper={time.upper_ms} estimate={time.estimate_ms} quality={time.quality} zone={zone} now={time.estimate_ms} />
        </h2>
        <small>{tc(`quality.${time.quality}`)}</small>
      </header>
      <div class="panel__b">
        <IntervalFigure time={time} zone={zone} />
      </div>
    </section>
  );
}

function ChainPanel({ evidence, zone }: { evidence: Evidence; zone: string }) {
  const { chain } = evidence;
  const { receipt } = chain;
  const whole = !chain.gap_before && !chain.gap_after;
  const verified = chain.records.every((record) => record.signature === 'verified');
  const fact = [chain.device.name, tc(whole ? 'chain.whole' : 'chain.broken'), verified ? tc('chain.all_verified') : ''].filter((part) => part !== '').join(' · ');
  return (
    <Panel title={tc('chain.title')} fact={fact}>
      <Chain
        links={chainLinks(chain)}
        {...(receipt
          ? {
              end: (
                <span>
                  <b class="nb">{tc('chain.receipt')}</b>
                  <small class="code">
                    <span class="vh">{tc('log.word')} </span>
                    {receipt.check_word}
                  </small>
                  <br />
                  <small>{tc('chain.received', { time: moment(receipt.received_ms, zone, evidence.time.upper_ms), n: receipt.to })}</small>
                </span>
              ),
            }
          : {})}
      />
      {!receipt && <p class="meta below">{tc('chain.no_receipt')}</p>}
    </Panel>
  );
}

function PrintHead({ site }: { site: SiteRef }) {
  return (
    <p class="onlyprint meta">
      {[session.value.organisation.name, say(site.name), tc('evidence.printed', { time: stamp(Date.now(), site.time_zone), name: session.value.person.name })].join(' · ')}
    </p>
  );
}
