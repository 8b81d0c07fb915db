import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { may } from '../../model/may';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, Panel } from '../../parts/Page';
import { to } from '../../route';
import type { DeviceTrace, SiteRef, VisitPage } from '../../types';
import { deviceWord } from '../../words';
import { LeaveDialog, type Deed } from './LeaveDialog';
import { RescueButton } from './RescueDialog';

const LEAVING = ['draining', 'revoked'];

/** A phone that is lost, broken or to leave: the last that is known of it, and what may be decided. */
export function PhonePage({ site, id }: { site: SiteRef; id: string }) {
  const found = useLoad<DeviceTrace>(`/sites/${site.id}/devices/${id}`);
  const visits = useLoad<VisitPage>(`/sites/${site.id}/visits?device=${id}&limit=1`);
  const [deed, setDeed] = useState<Deed | null>(null);
  const phone = found.value;
  const crumbs = [{ href: to(site.id, 'phones'), word: tc('nav.phones') }, { word: phone?.name ?? '' }];

  async function simple(verb: 'keep' | 'accept'): Promise<void> {
    const done = await send<{ accepted?: number }>('POST', `/sites/${site.id}/devices/${id}/${verb}`);
    tell(verb === 'accept' ? tc('phone.accepted', { n: done.accepted ?? 0 }) : tc('phone.kept.done'));
    found.reload();
  }

  return (
    <Page title={phone?.name ?? tc('nav.phones')} crumbs={crumbs} {...(phone ? { sub: deviceWord(phone.state) } : {})}>
      {!phone ? (
        found.problem ? <Failure problem={found.problem} onAgain={found.reload} /> : <Waiting />
      ) : (
        <div class="stack">
          <Panel title={tc('phone.known')}>
            <Known phone={phone} zone={site.time_zone} last={visits.value?.visits[0] ?? null} site={site.id} />
          </Panel>
          {may('revoke.phone') && (
            <>
              {phone.apart > 0 && (
                <Panel title={tc('phone.apart')}>
                  <div class="stack">
                    <p>{tc('phone.apart.why', { n: phone.apart })}</p>
                    <span class="acts">
                      <Button href={to(site.id, 'attention')}>{tc('phone.apart.look')}</Button>
                      <Button kind="ink" onPress={() => void simple('accept')}>{tc('phone.accept')}</Button>
                    </span>
                  </div>
                </Panel>
              )}
              {phone.wipe && (
                <Panel title={tc('phone.wipe.waits')}>
                  <div class="stack">
                    <p>{tc('phone.wipe.waits.why', { time: moment(phone.wipe.ordered_ms, site.time_zone, Date.now()) })}</p>
                    <p>{phone.wipe.records + phone.wipe.photos > 0 ? tc('phone.wipe.loses', { n: phone.wipe.records, m: phone.wipe.photos }) : tc('phone.wipe.empty')}</p>
                    <span><Button onPress={() => void simple('keep')}>{tc('phone.wipe.withdraw')}</Button></span>
                  </div>
                </Panel>
              )}
              {phone.state !== 'wiped' && phone.state !== 'refused' && <Choices phone={phone} site={site.id} onDeed={setDeed} onKeep={() => void simple('keep')} />}
              {phone.unsent_records + phone.unsent_photos > 0 && (
                <Panel title={tc('phone.rescue')}>
                  <div class="stack">
                    <p>{tc('phone.rescue.how')}</p>
                    <span><RescueButton siteId={site.id} onDone={found.reload} /></span>
                  </div>
                </Panel>
              )}
            </>
          )}
        </div>
      )}
      {phone && deed && (
        <LeaveDialog
          siteId={site.id}
          phone={phone}
          deed={deed}
          onClose={() => setDeed(null)}
          onDone={() => {
            setDeed(null);
            tell(tc(`phone.${deed}.done`, { name: phone.name }));
            found.reload();
          }}
        />
      )}
    </Page>
  );
}

type KnownProps = { phone: DeviceTrace; zone: string; last: VisitPage['visits'][number] | null; site: string };

/** What was pending, who had it, where it was. */
function Known({ phone, zone, last, site }: KnownProps) {
  const time = (ms: number | null): string => (ms === null ? tc('who.never') : moment(ms, zone, Date.now()));
  const pending = phone.unsent_records + phone.unsent_photos;
  return (
    <div class="stack">
      <p class="strong">
        {phone.state === 'wiped'
          ? tc('phone.wiped.at', { time: time(phone.wiped_ms) })
          : pending > 0
            ? tc('phone.pending', { n: phone.unsent_records, m: phone.unsent_photos, time: time(phone.heard_ms) })
            : tc('phone.pending.none', { time: time(phone.heard_ms) })}
      </p>
      <dl class="dl">
        {pending > 0 && phone.unsent_oldest_wall !== null && (
          <>
            <dt>{tc('phone.oldest')}</dt>
            <dd>{time(phone.unsent_oldest_wall)}</dd>
          </>
        )}
        <dt>{tc('phone.last.person')}</dt>
        <dd>{phone.last_person?.name ?? '—'}</dd>
        <dt>{tc('phone.last.record')}</dt>
        <dd>{time(phone.last_ms)}</dd>
        <dt>{tc('phone.last.place')}</dt>
        <dd>
          {last?.place ? (
            <a href={to(site, 'visits', last.id)}>
              {last.place.number} {say(last.place.name)} · {time(last.estimate_ms)}
            </a>
          ) : (
            '—'
          )}
        </dd>
        {phone.replaced_by && (
          <>
            <dt>{tc('phone.replaced_by')}</dt>
            <dd>
              <a href={to(site, 'phones', `phone.${phone.replaced_by.id}`)}>{phone.replaced_by.name}</a>
            </dd>
          </>
        )}
        {phone.replaces !== null && (
          <>
            <dt>{tc('phone.replaces')}</dt>
            <dd>
              <a href={to(site, 'phones', `phone.${phone.replaces}`)}>{tc('phone.replaces.see')}</a>
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

type ChoicesProps = { phone: DeviceTrace; site: string; onDeed: (deed: Deed) => void; onKeep: () => void };

/** What may be decided, each with what follows from it, the mildest first. */
function Choices({ phone, site, onDeed, onKeep }: ChoicesProps) {
  const { state } = phone;
  const isLeaving = LEAVING.includes(state);
  return (
    <Panel title={tc('phone.decide')} flush>
      <ul class="todo">
        {state === 'draining' && (
          <Choice title={tc('phone.keep')} why={tc('phone.keep.why')}>
            <Button onPress={onKeep}>{tc('phone.keep')}</Button>
          </Choice>
        )}
        {phone.replaced_by === null && state !== 'waiting' && (
          <Choice title={tc('phone.replace')} why={tc('phone.replace.why')}>
            <Button href={to(site, 'phones', 'new', { replaces: phone.id })}>{tc('phone.replace')}</Button>
          </Choice>
        )}
        {state === 'active' && (
          <Choice title={tc('phone.drain')} why={tc('phone.drain.why')}>
            <Button onPress={() => onDeed('drain')}>{tc('phone.drain')}</Button>
          </Choice>
        )}
        {state !== 'revoked' && (
          <Choice title={tc('phone.revoke')} why={tc('phone.revoke.why')}>
            <Button kind="bad" onPress={() => onDeed('revoke')}>{tc('phone.revoke')}</Button>
          </Choice>
        )}
        {isLeaving && phone.wipe === null && (
          <Choice title={tc('phone.wipe')} why={tc('phone.wipe.why')}>
            <Button kind="bad" onPress={() => onDeed('wipe')}>{tc('phone.wipe')}</Button>
          </Choice>
        )}
      </ul>
      {!isLeaving && state === 'active' && (
        <p class="panel__b meta">
          <Icon name="rc-phone" /> {tc('phone.wipe.first')}
        </p>
      )}
    </Panel>
  );
}

function Choice({ title, why, children }: { title: string; why: string; children: preact.ComponentChildren }) {
  return (
    <li>
      <strong>{title}</strong>
      <p>{why}</p>
      <span class="choice">{children}</span>
    </li>
  );
}
