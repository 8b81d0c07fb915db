import { useEffect, useState } from 'preact/hooks';
import { photoUrl } from '../../actions/photoUrl';
import { t } from '../../i18n/t';
import { log, type LogEntry } from '../../state/log';
import { now } from '../../state/app';
import { Empty } from '../../ui/Empty';
import { Icon } from '../../ui/Icon';
import { Note } from '../../ui/Saved';
import { Screen, Section } from '../../ui/Screen';
import { StateWord } from '../../ui/State';
import { EstimateAndInterval } from '../../ui/TimeInterval';
import { href, type Route } from '../route';
import { textOr, titleOf, when, zone } from '../words';
import { Marks } from './Marks';
import { lookOf, wordsOf } from './states';

/** One record: where it is, what the server said of it, and how to check that. */
export function RecordDetail({ to }: { to: Extract<Route, { name: 'record' }> }) {
  const entry = log.value.find((each) => each.seq === to.seq);
  return (
    <Screen title={t('log.number', { n: to.seq })} back={href({ name: 'log' })}>
      {entry ? <Details entry={entry} /> : <Empty icon="log" title={t('log.missing')} />}
    </Screen>
  );
}

function Details({ entry }: { entry: LogEntry }) {
  const { receipt } = entry;
  return (
    <>
      <section class="card">
        <h2>{titleOf(entry)}</h2>
        <p class="facts">
          <span class="num">{when(entry.at)}</span>
          <StateWord look={lookOf(entry)}>{wordsOf(entry)}</StateWord>
        </p>
      </section>
      <section class="card">
        <h2>{t('log.made')}</h2>
        <p>
          <EstimateAndInterval {...entry.time} zone={zone()} now={now.value} />
        </p>
        <p class="meta">{t(`log.made.${entry.time.quality}`)}</p>
      </section>
      {entry.code !== null && (
        <Note tone="bad" icon="rc-attention">
          <b>{textOr(`code.${entry.code}`, 'rec.attention')}</b> {t('log.code.why')}
        </Note>
      )}
      <Marks entry={entry} />
      {receipt ? (
        <section class="receipt">
          <span class="seal">
            <Icon name="rc-received" />
          </span>
          <h2 class="receipt__h">{t('log.receipt')}</h2>
          <p class="meta">
            {t('log.receipt.range', { from: receipt.from, to: receipt.to })} · {when(receipt.receivedMs)}
          </p>
          <p class="code code--word">{receipt.checkWord}</p>
          <p class="meta">{t('log.word.why')}</p>
          <p class="meta">{t('log.ledger', { n: receipt.ledgerPos })}</p>
        </section>
      ) : (
        <Note tone="calm" icon="seal-wait">
          <b>{t('log.receipt.none')}</b> {t('log.receipt.none.why')}
        </Note>
      )}
      {entry.photos.length > 0 && (
        <>
          <Section title={t('log.photos')} />
          <ul class="rows">
            {entry.photos.map((photo, i) => (
              <PhotoRow key={photo.sha256} photo={photo} n={i + 1} />
            ))}
          </ul>
        </>
      )}
      <section class="card">
        <p class="meta">{t('log.hash')}</p>
        <p class="code">{entry.hash}</p>
      </section>
    </>
  );
}

function PhotoRow({ photo, n }: { photo: LogEntry['photos'][number]; n: number }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    let made: string | null = null;
    void photoUrl(photo.sha256).then((found) => {
      made = found;
      if (gone && found) URL.revokeObjectURL(found);
      else setUrl(found);
    });
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [photo.sha256]);
  const look =
    photo.state === 'lost'
      ? ({ tone: 'bad', icon: 'rc-attention', word: 'rec.photo_lost' } as const)
      : photo.state === 'sent'
        ? ({ tone: 'good', icon: 'rc-received', word: 'rec.received' } as const)
        : ({ tone: 'calm', icon: 'rc-phone', word: 'rec.saved' } as const);
  return (
    <li class="row">
      <span class="shot">{photo.role === 'voice' ? <Icon name="mic" /> : url && <img src={url} alt={nameOf(photo.role, n)} />}</span>
      <span class="row__b">
        <strong>{nameOf(photo.role, n)}</strong>
        <StateWord look={look} />
      </span>
    </li>
  );
}

function nameOf(role: LogEntry['photos'][number]['role'], n: number): string {
  if (role === 'frame') return t('log.photo.frame');
  if (role === 'voice') return t('log.photo.voice');
  return role === 'signature' ? t('ink.signed') : t('log.photo.name', { n });
}
