import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { tell } from '../../model/notice';
import { may } from '../../model/may';
import { CheckField, LabelField, SelectField, TextField } from '../../parts/fields';
import { EditPage, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { Asset, Limits, SiteRef, Team } from '../../types';
import type { Medium, Meter, Season } from './types';

const LIMITS = ['alarm_low', 'warn_low', 'warn_high', 'alarm_high'] as const;
type Draft = {
  asset: string;
  key: string;
  name: Label;
  number: string;
  kind: 'gauge' | 'counter';
  unit: string;
  decimals: string;
  max: string;
  jump: string;
  limits: Limits;
  seasons: Season[];
  medium: Medium;
  feeds: string;
  team: string;
  retired: boolean;
};

/** Make a meter, or change it: what decides a reading makes another edition. */
export function MeterForm({ site, meter, meters, assetId }: { site: SiteRef; meter: Meter | null; meters: readonly Meter[]; assetId: string | null }) {
  const assets = useThings<Asset>(site.id, 'assets');
  const teams = useThings<Team>(site.id, 'teams');
  const draft = useForm<Draft>(begin(meter, assetId));
  const { value, errorAt } = draft;
  const counter = value.kind === 'counter';
  const back = meter || assetId ? { href: to(site.id, 'assets', meter?.asset.id ?? assetId), word: meter ? say(meter.asset.name) : tc('nav.assets') } : { href: to(site.id, 'meters'), word: tc('nav.meters') };
  const keep = () =>
    draft.submit(async (typed) => {
      const body = bodyOf(typed, meter !== null);
      if (meter) await send('PATCH', `/sites/${site.id}/meters/${meter.id}`, body);
      else await send('POST', `/sites/${site.id}/meters`, body);
      tell(tc('act.saved'));
      go(to(site.id, 'assets', meter?.asset.id ?? typed.asset));
    });
  const mains = meters.filter((one) => one.id !== meter?.id && one.medium === value.medium && !one.retired);
  return (
    <EditPage title={meter ? say(meter.name) : tc('meter.new')} back={back} draft={draft} onSave={() => void keep()} may={may('change.assets')}>
      {meter && <p class="note">{tc('meter.edition', { n: meter.edition })}</p>}
      {!meter && (
        <SelectField
          label={tc('meter.asset')}
          value={value.asset}
          error={errorAt('asset')}
          onChoose={(asset) => draft.set({ asset })}
          options={[{ value: '', word: tc('meter.asset.none') }, ...(assets.value ?? []).filter((one) => !one.retired).map((one) => ({ value: one.id, word: `${one.number} ${say(one.name)}` }))]}
        />
      )}
      <LabelField label={tc('thing.name')} value={value.name} errorAt={errorAt} onLabel={(name) => draft.set({ name })} />
      <div class="pair">
        {!meter && <TextField label={tc('meter.key')} hint={tc('meter.key.hint')} value={value.key} required most={32} error={errorAt('key')} onText={(key) => draft.set({ key })} />}
        <TextField label={tc('meter.number')} optional value={value.number} most={40} error={errorAt('number')} onText={(number) => draft.set({ number })} />
      </div>
      <div class="pair">
        <SelectField label={tc('meter.kind')} hint={tc(`meter.kind.${value.kind}.why`)} value={value.kind} error={errorAt('kind')} onChoose={(kind) => draft.set({ kind: kind as Draft['kind'] })} options={(['gauge', 'counter'] as const).map((kind) => ({ value: kind, word: tc(`meter.kind.${kind}`) }))} />
        <TextField label={tc('meter.unit')} value={value.unit} most={16} error={errorAt('unit')} onText={(unit) => draft.set({ unit })} />
        <TextField label={tc('meter.decimals')} type="number" min="0" max="6" value={value.decimals} error={errorAt('decimals')} onText={(decimals) => draft.set({ decimals })} />
      </div>
      <div class="pair">
        {counter && <TextField label={tc('meter.max')} hint={tc('meter.max.hint')} optional mode="decimal" value={value.max} error={errorAt('max')} onText={(max) => draft.set({ max })} />}
        <TextField label={tc('meter.jump')} hint={tc('meter.jump.hint')} optional mode="decimal" value={value.jump} error={errorAt('jump')} onText={(jump) => draft.set({ jump })} />
      </div>
      <fieldset class="field">
        <legend>{tc('meter.limits')}</legend>
        <LimitFields limits={value.limits} path="limits" errorAt={errorAt} onLimits={(limits) => draft.set({ limits })} />
      </fieldset>
      <fieldset class="field">
        <legend>{tc('meter.seasons')}</legend>
        <p class="meta">{tc('meter.seasons.why')}</p>
        {value.seasons.map((season, i) => {
          const set = (changes: Partial<Season>) => draft.set({ seasons: value.seasons.map((one, n) => (n === i ? { ...one, ...changes } : one)) });
          const path = `seasons.${i}`;
          return (
            <div class="mseason" key={i}>
              <div class="pair">
                <TextField label={tc('meter.season.from')} hint="MM-DD" value={season.from} most={5} error={errorAt(`${path}.from`) ?? errorAt(path)} onText={(from) => set({ from })} />
                <TextField label={tc('meter.season.to')} hint="MM-DD" value={season.to} most={5} error={errorAt(`${path}.to`)} onText={(last) => set({ to: last })} />
              </div>
              <LimitFields limits={season.limits} path={`${path}.limits`} errorAt={errorAt} onLimits={(limits) => set({ limits })} />
              <Button kind="quiet" onPress={() => draft.set({ seasons: value.seasons.filter((_, n) => n !== i) })}>{tc('meter.season.drop')}</Button>
            </div>
          );
        })}
        {value.seasons.length < 6 && (
          <Button icon="plus" onPress={() => draft.set({ seasons: [...value.seasons, { from: '11-15', to: '03-15', limits: {} }] })}>{tc('meter.season.add')}</Button>
        )}
      </fieldset>
      <div class="pair">
        <SelectField label={tc('meter.medium')} hint={tc('meter.medium.hint')} value={value.medium} error={errorAt('medium')} onChoose={(medium) => draft.set({ medium: medium as Medium, feeds: '' })} options={(['', 'water', 'power', 'gas'] as const).map((one) => ({ value: one, word: tc(one === '' ? 'meter.medium.none' : `meter.medium.${one}`) }))} />
        {value.medium !== '' && (
          <>
            <SelectField label={tc('meter.feeds')} hint={tc('meter.feeds.hint')} value={value.feeds} error={errorAt('feeds')} onChoose={(feeds) => draft.set({ feeds })} options={[{ value: '', word: tc('meter.feeds.none') }, ...mains.map((one) => ({ value: one.id, word: `${say(one.asset.name)} · ${say(one.name)}` }))]} />
            <SelectField label={tc('meter.team')} value={value.team} error={errorAt('team')} onChoose={(team) => draft.set({ team })} options={[{ value: '', word: tc('meter.team.none') }, ...(teams.value ?? []).map((team) => ({ value: team.id, word: say(team.name) }))]} />
          </>
        )}
      </div>
      {meter && <CheckField label={tc('meter.retired')} hint={tc('meter.retired.why')} checked={value.retired} onCheck={(retired) => draft.set({ retired })} />}
    </EditPage>
  );
}

function LimitFields({ limits, path, errorAt, onLimits }: { limits: Limits; path: string; errorAt: (path: string) => string | null; onLimits: (limits: Limits) => void }) {
  return (
    <div class="pair mlimits">
      {LIMITS.map((name) => (
        <TextField
          key={name}
          label={tc(`meter.limit.${name}`)}
          optional
          mode="decimal"
          value={limits[name] ?? ''}
          error={errorAt(`${path}.${name}`) ?? (name === 'alarm_low' ? errorAt(path) : null)}
          onText={(text) => {
            const { [name]: _gone, ...rest } = limits;
            onLimits(text.trim() === '' ? rest : { ...rest, [name]: text });
          }}
        />
      ))}
    </div>
  );
}

function begin(meter: Meter | null, assetId: string | null): Draft {
  return {
    asset: assetId ?? '', key: '', name: meter?.name ?? { zh: '', en: '' }, number: meter?.number ?? '', kind: meter?.kind ?? 'gauge',
    unit: meter?.unit ?? '', decimals: String(meter?.decimals ?? 2), max: meter?.max ?? '', jump: meter?.jump ?? '', limits: meter?.limits ?? {},
    seasons: meter?.seasons ?? [], medium: meter?.medium ?? '', feeds: meter?.feeds ?? '', team: meter?.team ?? '', retired: meter?.retired ?? false,
  };
}

const FOLDED: Record<string, string> = { '．': '.', '，': '.', ',': '.', '－': '-', '−': '-' };

/** A typed number with full-width digits and a decimal comma as what they mean; the server judges it. */
function folded(text: string): string {
  return text.trim().replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).replace(/[．，,－−]/g, (c) => FOLDED[c] ?? c);
}

function limitsOf(limits: Limits): Limits {
  return Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, folded(value)]));
}

function bodyOf(draft: Draft, known: boolean): unknown {
  const { asset, key, retired, ...rest } = draft;
  return {
    ...rest,
    ...(known ? { retired } : { asset, key }),
    decimals: Number(draft.decimals),
    max: draft.kind === 'counter' && draft.max.trim() !== '' ? folded(draft.max) : null,
    jump: draft.jump.trim() === '' ? null : folded(draft.jump),
    limits: limitsOf(draft.limits),
    seasons: draft.seasons.map((season) => ({ ...season, limits: limitsOf(season.limits) })),
    feeds: draft.feeds || null,
    team: draft.team || null,
  };
}
