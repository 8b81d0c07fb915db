import { useRef, useState } from 'preact/hooks';
import { exportRescue, importRescue, type Exported, type Imported } from '../../actions/rescue';
import { understood } from '../../actions/room';
import { t } from '../../i18n/t';
import { person, phase } from '../../state/app';
import { damaged, lost } from '../../state/keeping';
import { Button } from '../../ui/Button';
import { Note } from '../../ui/Saved';
import { Dock, Screen, Section } from '../../ui/Screen';
import { StateWord } from '../../ui/State';
import { href } from '../route';
import { problemText, textOr } from '../words';
import { CarriedRows } from './CarriedRows';

/** Keeping records safe: the rescue file, what is carried for others, what is damaged. No network, no log-in. */
export function Rescue() {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told | null>(null);
  const write = async (): Promise<void> => {
    setBusy(true);
    setTold({ tone: 'live', text: t('rescue.busy', { n: 0, m: 0 }) });
    try {
      setTold(toldOfExport(await exportRescue(({ records, photos }) => setTold({ tone: 'live', text: t('rescue.busy', { n: records, m: photos }) }))));
    } catch (error) {
      setTold({ tone: 'bad', text: problemText(error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Screen
      title={t('rescue.title')}
      back={href({ name: phase.value === 'signed-in' ? 'menu' : 'today' })}
      {...(person.value ? { sub: person.value.name } : {})}
      dock={
        <Dock plain>
          {told && (
            <Note tone={told.tone} icon={told.tone === 'bad' ? 'rc-attention' : 'export'} live>
              <b>{told.text}</b> {told.more}
            </Note>
          )}
          <Button kind="main" icon="export" busy={busy} onPress={() => void write()}>
            {t('rescue.act')}
          </Button>
        </Dock>
      }
    >
      <Lost />
      <p>{t('rescue.what')}</p>
      <Carry />
      <Damaged />
    </Screen>
  );
}

type Told = { tone: 'live' | 'calm' | 'warn' | 'bad'; text: string; more?: string };

function toldOfExport({ written, records, photos }: Exported): Told {
  if (!written) return { tone: 'warn', text: t('rescue.called_off') };
  return { tone: 'calm', text: t('rescue.wrote', { n: records, m: photos }), more: t('rescue.then') };
}

/** Somebody cleared this browser's store: what is gone, said once. */
function Lost() {
  if (!lost.value) return null;
  return (
    <section class="card">
      <Note tone="bad" icon="rc-attention">
        <b>{t('lost.title')}</b> {t('lost.why', { n: lost.value.seq })}
      </Note>
      <Button onPress={() => void understood()}>{t('lost.ok')}</Button>
    </section>
  );
}

/** A colleague's file is taken in, and what of it is still to be sent. */
function Carry() {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told | null>(null);
  const read = async (file: File): Promise<void> => {
    setBusy(true);
    setTold(null);
    try {
      setTold(toldOfImport(await importRescue(file)));
    } catch (error) {
      setTold({ tone: 'bad', text: problemText(error) });
    } finally {
      setBusy(false);
    }
  };
  // only a phone that belongs to a site can bring anything to its server
  if (phase.value !== 'signed-in' && phase.value !== 'locked') return null;
  return (
    <>
      <Section title={t('carry.title')} />
      <p>{t('carry.what')}</p>
      <Button icon="doc" busy={busy} onPress={() => input.current?.click()}>
        {t(busy ? 'carry.busy' : 'carry.act')}
      </Button>
      <input
        ref={input}
        hidden
        aria-label={t('carry.act')}
        type="file"
        accept=".rescue,application/octet-stream"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void read(file);
        }}
      />
      {told && (
        <Note tone={told.tone} icon={told.tone === 'bad' ? 'rc-attention' : 'rc-phone'} live>
          <b>{told.text}</b> {told.more}
        </Note>
      )}
      <CarriedRows />
    </>
  );
}

function toldOfImport({ added, records, photos, bad, cut, device }: Imported): Told {
  const name = device ?? t('carry.somebody');
  const text = added > 0 ? t('carry.took', { n: added, m: photos, name }) : t(records > 0 ? 'carry.had' : 'carry.nothing', { name });
  const doubts = [...(cut ? [t('carry.cut')] : []), ...(bad > 0 ? [t('carry.bad', { n: bad })] : [])];
  return { tone: doubts.length > 0 ? 'warn' : 'calm', text, more: doubts.join(' ') };
}

/** Records that are no longer what was sealed: a person's own, and those of others without their content. */
function Damaged() {
  if (damaged.value.length === 0) return null;
  const mine = person.value?.id;
  return (
    <>
      <Section title={t('damaged.title')} fact={t('damaged.count', { n: damaged.value.length })} />
      <p>{t('damaged.what')}</p>
      <ul class="rows">
        {damaged.value.map(({ id, seq, why, actor }) => (
          <li key={id} class="row">
            <span class="row__b">
              <strong>{seq === null ? t('damaged.unknown') : t('log.number', { n: seq })}</strong>
              <StateWord look={{ tone: 'bad', icon: 'rc-attention', word: 'rec.attention' }}>{textOr(`damaged.${why}`, 'damaged.form')}</StateWord>
              <span class="meta">{t(actor !== null && actor === mine ? 'damaged.own' : actor === null ? 'damaged.whose' : 'damaged.other')}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
