import { useState } from 'preact/hooks';
import { syncNow } from '../../actions/syncNow';
import { t } from '../../i18n/t';
import { device, person } from '../../state/app';
import { carrying } from '../../state/keeping';
import { log, type LogEntry } from '../../state/log';
import { sync } from '../../state/sync';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Icon } from '../../ui/Icon';
import { Receipt } from '../../ui/Receipt';
import { Dock, DockRow, Screen, Section } from '../../ui/Screen';
import { StateWord } from '../../ui/State';
import { Conditions } from '../Conditions';
import { MainTabs } from '../MainTabs';
import { CarriedRows } from '../keep/CarriedRows';
import { href } from '../route';
import { textOr, titleOf, when, zone } from '../words';
import { lookOf, wordsOf } from './states';

/** How many received records are shown before a person asks for more. */
const PAGE = 50;

/** Every record of the person who is signed in: what is only here, and what the server has. */
export function Log() {
  const [shown, setShown] = useState(PAGE);
  const here = log.value.filter((entry) => entry.receipt === null);
  const there = log.value.filter((entry) => entry.receipt !== null);
  const latest = there.reduce<LogEntry['receipt']>((best, { receipt }) => (best && receipt && best.to >= receipt.to ? best : receipt), null);
  return (
    <Screen
      title={t('log.title')}
      sub={[device.value?.name, person.value?.name].filter(Boolean).join(' · ')}
      strip={<Conditions />}
      dock={
        <Dock>
          <SendNow />
          <MainTabs here="log" />
        </Dock>
      }
    >
      {latest && (
        <Receipt upTo={sync.value.receivedUpTo ?? latest.to} receivedMs={latest.receivedMs} checkWord={latest.checkWord} zone={zone()} heading="h2" />
      )}
      {log.value.length === 0 && (
        <div class="card">
          <Empty icon="log" title={t('log.none')}>
            {t('log.none.why')}
          </Empty>
        </div>
      )}
      {here.length > 0 && (
        <>
          <Section title={t('log.here')} fact={t('log.here.count', { n: here.length, time: when(here.at(-1)!.at) })} />
          <ol class="rows">
            {here.map((entry) => (
              <Entry key={entry.seq} entry={entry} />
            ))}
          </ol>
        </>
      )}
      {carrying.value.length > 0 && (
        <>
          <Section title={t('log.carried')} />
          <CarriedRows />
        </>
      )}
      {there.length > 0 && (
        <>
          <Section title={t('log.centre')} fact={t('log.centre.count', { n: there.length })} />
          <ol class="rows">
            {there.slice(0, shown).map((entry) => (
              <Entry key={entry.seq} entry={entry} />
            ))}
          </ol>
          {there.length > shown && <Button onPress={() => setShown(shown + PAGE)}>{t('log.more')}</Button>}
        </>
      )}
    </Screen>
  );
}

function SendNow() {
  const [busy, setBusy] = useState(false);
  const { unsent, photosUnsent, activity } = sync.value;
  if (unsent + photosUnsent === 0) return null;
  const sending = busy || activity !== 'idle';
  const send = (): void => {
    setBusy(true);
    void syncNow().finally(() => setBusy(false));
  };
  return (
    <DockRow>
      <Button icon="rc-sending" busy={sending} onPress={send}>
        {t(sending ? 'rec.sending' : 'sync.now')}
      </Button>
    </DockRow>
  );
}

function Entry({ entry }: { entry: LogEntry }) {
  const look = lookOf(entry);
  const reasons = [...(entry.code === null ? [] : [textOr(`code.${entry.code}`, 'rec.attention')]), ...entry.marks.map((mark) => textOr(`mark.${mark}`, 'rec.marked'))];
  return (
    <li>
      <a class="rec" data-tone={look.tone} data-at={entry.receipt ? 'centre' : 'phone'} href={href({ name: 'record', seq: entry.seq })}>
        <span class="rec__n">
          #{entry.seq}
          <br />
          <span class="num">{when(entry.at)}</span>
        </span>
        <span class="rec__b">
          <strong>{titleOf(entry)}</strong>
          <StateWord look={look} pulse={entry.state === 'sending'}>
            {wordsOf(entry)}
          </StateWord>
          {reasons.length > 0 && <span class="meta">{[...new Set(reasons)].join(' · ')}</span>}
        </span>
        <span class="chev">
          <Icon name="next" />
        </span>
      </a>
    </li>
  );
}
