import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { bytes, moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { StateWord } from '../../../ui/State';
import { tell } from '../../model/notice';
import { may } from '../../model/may';
import { ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { to } from '../../route';
import type { Device, PageProps } from '../../types';
import { deviceWord } from '../../words';
import { EnrolPage } from './EnrolPage';
import { PhonePage } from './PhonePage';
import { RescueButton } from './RescueDialog';
import { MoveDialog, sitesToMoveTo } from './MoveDialog';

const PHONE = 'phone.';

/** The phones of the site: the last word from each, what it still keeps, how it joins and leaves. */
export function PhonesPage({ site, id }: PageProps) {
  if (id?.startsWith(PHONE)) return <PhonePage key={id} site={site} id={id.slice(PHONE.length)} />;
  if (id !== null) return <EnrolPage siteId={site.id} enrolment={id === 'new' ? null : id} />;
  return <List siteId={site.id} zone={site.time_zone} />;
}

const QUIET_MS = 2 * 3_600_000;

/** Whether nothing is expected of it any more. */
const isOut = (one: Device): boolean => one.state === 'revoked' || one.state === 'wiped';

function List({ siteId, zone }: { siteId: string; zone: string }) {
  const devices = useThings<Device>(siteId, 'devices');
  const [moving, setMoving] = useState<Device | null>(null);
  const mayMove = sitesToMoveTo(siteId).length > 0;
  const now = Date.now();
  const act = (one: Device) =>
    one.enrolment !== null ? (
      <Button kind="ink" href={to(siteId, 'phones', one.enrolment)}>
        {tc('enrolment.compare.act')}
        <span class="vh"> {one.name}</span>
      </Button>
    ) : (
      <div class="acts">
        {mayMove && one.state === 'active' && (
          <Button onPress={() => setMoving(one)}>
            {tc('phone.move')}
            <span class="vh"> {one.name}</span>
          </Button>
        )}
        <Button href={to(siteId, 'phones', `phone.${one.id}`)}>
          {tc('phone.leave')}
          <span class="vh"> {one.name}</span>
        </Button>
      </div>
    );
  return (
    <ListPage title={tc('nav.phones')} newHref={newOf(siteId, 'phones')} newWord={tc('phones.new')} loads={[devices]} side={<RescueButton siteId={siteId} onDone={devices.reload} />}>
      {() =>
        devices.value!.length === 0 ? (
          <NoThings icon="rc-phone" title={tc('phones.empty')} why={tc('phones.empty.why')} href={newOf(siteId, 'phones')} act={tc('phones.new')} />
        ) : (
          <>
            <Table
              caption={tc('nav.phones')}
              rows={[...devices.value!].sort((a, b) => Number(isOut(a)) - Number(isOut(b)) || a.name.localeCompare(b.name, 'zh', { numeric: true }))}
              quiet={isOut}
              columns={[
                { head: tc('phone.name'), wide: true, cell: (one) => <a href={to(siteId, 'phones', `phone.${one.id}`)}>{one.name}</a> },
                { head: tc('log.state'), tight: true, cell: (one) => deviceWord(one.state) },
                { head: tc('phone.person'), tight: true, cell: (one) => one.person?.name ?? '—' },
                { head: tc('phone.heard'), tight: true, cell: (one) => <Heard device={one} zone={zone} now={now} /> },
                { head: tc('phone.unsent'), cell: (one) => <Unsent device={one} zone={zone} now={now} /> },
                { head: tc('phone.storage'), cell: (one) => storage(one) },
                { head: tc('phone.app'), cell: (one) => one.app || '—' },
                ...(may('revoke.phone') ? [{ head: tc('tag.act'), cell: act }] : []),
              ]}
            />
            {moving && (
              <MoveDialog
                siteId={siteId}
                device={moving}
                onClose={() => setMoving(null)}
                onDone={(to) => {
                  setMoving(null);
                  tell(tc('phone.moved', { name: moving.name, site: say(to.name) }));
                  devices.reload();
                }}
              />
            )}
          </>
        )
      }
    </ListPage>
  );
}

function Heard({ device, zone, now }: { device: Device; zone: string; now: number }) {
  if (device.heard_ms === null) return <>{tc('who.never')}</>;
  const words = moment(device.heard_ms, zone, now);
  if (device.state === 'active' && now - device.heard_ms > QUIET_MS) return <StateWord look={{ tone: 'unsure', icon: 'st-unheard', word: 'state.unheard' }}>{words}</StateWord>;
  return <>{words}</>;
}

function Unsent({ device, zone, now }: { device: Device; zone: string; now: number }) {
  const { ended } = device;
  if (!ended) return <>{unsent(device, zone, now)}</>;
  const look = { tone: ended.received < ended.seq ? 'bad' : 'calm', icon: 'rc-attention', word: 'rec.attention' } as const;
  return <StateWord look={look}>{tc('phone.ended', { n: ended.seq, m: ended.received })}</StateWord>;
}

function unsent(device: Device, zone: string, now: number): string {
  if (device.unsent_records === 0 && device.unsent_photos === 0) return device.clear_ms === null ? '—' : tc('phone.clear.at', { time: moment(device.clear_ms, zone, now) });
  return tc('phone.unsent.n', { n: device.unsent_records, m: device.unsent_photos });
}

function storage({ storage: { persisted, usage, quota } }: Device): string {
  const room = typeof usage === 'number' && typeof quota === 'number' ? tc('phone.room', { size: bytes(Math.max(0, quota - usage)) }) : '';
  const kept = persisted === true ? tc('phone.kept') : persisted === false ? tc('phone.not_kept') : '';
  return [kept, room].filter((part) => part !== '').join(' · ') || '—';
}
