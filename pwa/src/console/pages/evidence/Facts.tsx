/** What the evidence page tells in words: answers, place, marks, what was opened, the raw record. */
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Icon } from '../../../ui/Icon';
import { StateWord } from '../../../ui/State';
import { Panel } from '../../parts/Page';
import type { Answer, Evidence, Limits } from '../../types';
import { PlaceFigure } from './PlaceFigure';
import { asks, findingWord, markReason, markWord } from '../../words';

/** The answers, each with its level and its limits. */
export function AnswersPanel({ evidence }: { evidence: Evidence }) {
  const { answers, form, note } = evidence;
  return (
    <Panel title={tc('answers.title')} fact={form ? tc('answers.form', { name: say(form.name), n: form.edition }) : undefined}>
      {answers.length === 0 ? (
        <p class="meta">{tc('answers.none')}</p>
      ) : (
        <dl class="dl">
          {answers.map((answer) => (
            <>
              <dt>{say(answer.label)}</dt>
              <dd>
                <AnswerText answer={answer} />
              </dd>
            </>
          ))}
        </dl>
      )}
      {note !== null && note !== '' && (
        <p class="say">
          <span class="vh">{tc('answers.note')} </span>
          {note}
        </p>
      )}
    </Panel>
  );
}

function AnswerText({ answer }: { answer: Answer }) {
  const limits = limitsText(answer.limits);
  // the name of who signed, or of a part, stands beside what was answered
  const words = answer.text !== null && answer.shown !== null && !answer.fault ? `${answer.text} · ${say(answer.shown)}` : answer.text;
  const said = words ?? (answer.shown ? say(answer.shown) : answer.value === null || answer.value === undefined ? tc('answers.open') : plain(answer));
  return (
    <>
      {answer.fault ? (
        <StateWord look={{ tone: answer.level === 'alarm' ? 'bad' : 'warn', icon: answer.level === 'alarm' ? 'rc-attention' : 'report', word: 'form.fault' }}>
          {answer.shown ? say(answer.shown) : plain(answer)}
          {answer.level && answer.level !== 'normal' ? ` · ${tc(`level.${answer.level}`)}` : ''}
        </StateWord>
      ) : ['number', 'meter', 'computed'].includes(answer.kind) ? (
        <b>{said}</b>
      ) : (
        said
      )}
      {limits !== '' && <span class="meta"> {limits}</span>}
      {answer.fault && answer.text && <p class="say">{answer.text}</p>}
    </>
  );
}

function plain(answer: Answer): string {
  return typeof answer.value === 'string' ? `${answer.value} ${answer.unit ?? ''}`.trim() : JSON.stringify(answer.value);
}

/** Limits in figures: what is normal, and where the alarm begins. */
export function limitsText(limits: Limits | null): string {
  if (!limits) return '';
  const { warn_low: low, warn_high: high, alarm_low: floor, alarm_high: top } = limits;
  const normal = low && high ? tc('limits.between', { a: low, b: high }) : low ? tc('limits.from', { a: low }) : high ? tc('limits.to', { b: high }) : '';
  const alarm = [floor ? `< ${floor}` : '', top ? `> ${top}` : ''].filter((part) => part !== '').join(tc('list.and'));
  return [normal, alarm === '' ? '' : tc('limits.alarm', { range: alarm })].filter((part) => part !== '').join(tc('list.comma'));
}

/** Where the phone was, and which print of the tag was read. */
export function PlacePanel({ evidence }: { evidence: Evidence }) {
  const { geo, tag, raw, result } = evidence;
  return (
    <Panel title={tc('place.title')} fact={tc('place.why')}>
      <dl class="dl">
        <dt>{tc('place.tag')}</dt>
        <dd>
          {tag?.proof === 'proven' && <StateWord look={{ tone: 'good', icon: 'check', word: 'stop.done' }}>{tc('tag.proven')}</StateWord>}
          {tag?.proof === 'unproven' && <StateWord look={{ tone: 'unsure', icon: 'st-unproven', word: 'state.unproven' }}>{tc('tag.unproven')}</StateWord>}
          {(!tag || tag.proof === 'none') && tc('tag.none')}
          {tag?.print_no != null && <span class="meta"> {tc('tag.print', { n: tag.print_no })}</span>}
        </dd>
        {result !== 'known' && raw !== null && (
          <>
            <dt>{tc('place.raw')}</dt>
            <dd class="code">{raw}</dd>
          </>
        )}
        <dt>{tc('place.consent')}</dt>
        <dd>{tc(`place.consent.${evidence.location}`)}</dd>
        <dt>{tc('place.geo')}</dt>
        <dd>
          {geo ? <Where geo={geo} /> : tc(`place.geo.${evidence.location === 'given' ? 'unavailable' : evidence.location}`)}
        </dd>
      </dl>
      {geo && geo.east_m !== null && geo.north_m !== null ? (
        <PlaceFigure eastM={geo.east_m} northM={geo.north_m} accuracyM={geo.accuracy} awayM={geo.away_m ?? 0} far={geo.far} />
      ) : (
        geo && <p class="meta below">{tc('place.nowhere')}</p>
      )}
    </Panel>
  );
}

/** How far the phone was from the place, as surely as it said itself, and how old that was. */
function Where({ geo }: { geo: NonNullable<Evidence['geo']> }) {
  const { accuracy, age_ms: age, away_m: away, far } = geo;
  return (
    <>
      {far ? (
        <StateWord look={{ tone: 'warn', icon: 'rc-marked', word: 'rec.marked' }}>{tc('place.far', { n: away ?? 0 })}</StateWord>
      ) : (
        away !== null && <span>{tc('place.away', { n: away })} · </span>
      )}
      {far && ' · '}
      <span class="num">{`${(geo.lat / 1e7).toFixed(5)}, ${(geo.lon / 1e7).toFixed(5)}`}</span>
      <br />
      <span class="meta">
        {[accuracy === null ? tc('place.accuracy.none') : tc('place.accuracy', { n: accuracy }), age === null ? '' : tc('place.age', { n: Math.round(age / 1000) })]
          .filter((part) => part !== '')
          .join(tc('list.comma'))}
      </span>
    </>
  );
}

/** What was asked about the record. A mark asks, it does not accuse. */
export function MarksPanel({ marks: all, explanations, zone }: { marks: readonly string[]; explanations: Evidence['explanations']; zone: string }) {
  const marks = all.filter(asks);
  if (marks.length + explanations.length === 0) return null;
  return (
    <Panel title={tc('rec.marked')} fact={tc('marks.why')} class="panel--flat">
      <ul class="marks">
        {marks.map((mark) => (
          <li key={mark} data-tone="warn">
            <Icon name="rc-marked" />
            <div>
              <b>{markWord(mark)}</b>
              <p>{markReason(mark)}</p>
            </div>
          </li>
        ))}
      </ul>
      {explanations.map((one) => (
        <figure key={one.record} class="say">
          <blockquote>{one.words ?? tc('explained.gone')}</blockquote>
          <figcaption class="meta">{tc('explained.by', { time: moment(one.at_ms, zone, one.received_ms) })}</figcaption>
        </figure>
      ))}
      {marks.length > 0 && explanations.length === 0 && <p class="meta below">{tc('explained.none')}</p>}
    </Panel>
  );
}

/** What was opened because of this visit. */
export function FindingsPanel({ evidence }: { evidence: Evidence }) {
  if (evidence.findings.length === 0) return null;
  return (
    <Panel title={tc('findings.title')}>
      <ul class="marks">
        {evidence.findings.map((finding) => (
          <li key={finding.id} data-tone={finding.level === 'alarm' || finding.urgency === 'urgent' ? 'bad' : 'warn'}>
            <Icon name="report" />
            <div>
              <b>{findingWord(finding)}</b>
              <p>{[finding.label ? say(finding.label) : '', finding.value !== null ? `${finding.value} ${finding.unit ?? ''}`.trim() : ''].filter((part) => part !== '').join(' ')}</p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** The record as the phone sealed it, to be checked by anybody. */
export function RawPanel({ evidence }: { evidence: Evidence }) {
  const { body, hash, sig } = evidence.record;
  return (
    <section class="panel noprint">
      <details class="panel__b">
        <summary>{tc('raw.title')}</summary>
        <p class="meta">{tc('raw.why')}</p>
        <dl class="dl">
          <dt>{tc('log.hash')}</dt>
          <dd class="code">{hash}</dd>
          <dt>{tc('raw.sig')}</dt>
          <dd class="code">{sig === '' ? tc('chain.weak') : sig}</dd>
        </dl>
        <pre class="raw code">
          {body}
        </pre>
      </details>
    </section>
  );
}
