import { tc } from '../../../i18n/console';
import { t, type TextKey } from '../../../i18n/t';
import { SelectField, TextField } from '../../parts/fields';
import { CERTIFICATES, type RouteStop } from '../../routeTypes';

/** The terms of a stop as they are typed; empty: not asked. */
export type TermsDraft = { from: string; to: string; dwell: string; walk: string; certificate: string };

/** What is typed for a stop that is kept. */
export function termsOf({ window, dwell_s, walk_s, certificate }: Partial<RouteStop>): TermsDraft {
  return {
    from: window ? String(window.from_min) : '',
    to: window ? String(window.to_min) : '',
    dwell: dwell_s ? String(dwell_s) : '',
    walk: walk_s ? String(walk_s) : '',
    certificate: certificate ?? '',
  };
}

/** What is sent of them. What is no whole number goes as it was typed: the server says where it is wrong. */
export function bodyOf({ from, to, dwell, walk, certificate }: TermsDraft): Record<string, unknown> {
  return {
    window: from === '' && to === '' ? null : { from_min: number(from === '' ? '0' : from), to_min: number(to) },
    dwell_s: dwell === '' ? null : number(dwell),
    walk_s: walk === '' ? null : number(walk),
    certificate: certificate || null,
  };
}

function number(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? Number(text) : text;
}

/** The terms in words, for a stop whose terms are folded away. */
export function termWords({ from, to, dwell, walk, certificate }: TermsDraft, isFirst: boolean): string[] {
  return [
    ...(from !== '' || to !== '' ? [tc('route.window.say', { from: from || '0', to })] : []),
    ...(dwell !== '' ? [tc('route.dwell.say', { n: dwell })] : []),
    ...(walk !== '' && !isFirst ? [tc('route.walk.say', { n: walk })] : []),
    ...(certificate !== '' ? [t(`cert.${certificate}` as TextKey)] : []),
  ];
}

export type StopTermsProps = { terms: TermsDraft; isFirst: boolean; error: (path: string) => string | null; onChange: (terms: TermsDraft) => void };

/** What a stop asks for beside its place and its form, folded away until somebody wants it. */
export function StopTerms({ terms, isFirst, error, onChange }: StopTermsProps) {
  const words = termWords(terms, isFirst);
  const set = (changes: Partial<TermsDraft>): void => onChange({ ...terms, ...changes });
  const wrong = (path: string): string | null => (error(path) === null ? null : `${error(path)}`);
  const isWrong = ['window', 'window.from_min', 'window.to_min', 'dwell_s', 'walk_s', 'certificate'].some((path) => error(path) !== null);
  return (
    <details class="terms" open={isWrong || undefined}>
      <summary>
        {tc('route.terms')}
        <small>{words.length > 0 ? words.join(' · ') : tc('route.terms.none')}</small>
      </summary>
      <div class="step__f">
        <fieldset class="terms__w">
          <legend>{tc('route.window')}</legend>
          <div class="pair">
            <TextField label={tc('route.window.from')} narrow mode="numeric" most={4} value={terms.from} error={wrong('window.from_min')} onText={(from) => set({ from })} />
            <TextField label={tc('route.window.to')} narrow mode="numeric" most={4} value={terms.to} error={wrong('window.to_min') ?? wrong('window')} onText={(to) => set({ to })} />
          </div>
          <small class="field__h">{tc('route.window.why')}</small>
        </fieldset>
        <TextField label={tc('route.dwell')} hint={tc('route.dwell.why')} narrow mode="numeric" most={5} value={terms.dwell} error={wrong('dwell_s')} onText={(dwell) => set({ dwell })} />
        {!isFirst && <TextField label={tc('route.walk')} hint={tc('route.walk.why')} narrow mode="numeric" most={4} value={terms.walk} error={wrong('walk_s')} onText={(walk) => set({ walk })} />}
        <SelectField
          label={tc('route.cert')}
          value={terms.certificate}
          options={[{ value: '', word: tc('route.cert.none') }, ...CERTIFICATES.map((kind) => ({ value: kind, word: t(`cert.${kind}`) }))]}
          error={wrong('certificate')}
          onChoose={(certificate) => set({ certificate })}
        />
      </div>
    </details>
  );
}
