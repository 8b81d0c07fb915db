import { useId } from 'preact/hooks';
import { t } from '../../i18n/t';
import type { ComputedField } from '../../protocol/entities';
import type { InputProps, Kind } from '../kind';
import { Shown, standingOf, wordOf, type Scale } from '../reading';
import { Ask, FaultDetails } from '../shared';

function Input(props: InputProps<ComputedField>) {
  const { field, answer } = props;
  const id = useId();
  const scale: Scale = { unit: field.unit ?? '', decimals: field.decimals ?? 0, limits: field.limits ?? {}, counter: false, last: null, jump: null };
  if (typeof answer !== 'string') {
    return (
      <Ask of={props} id={id} aside={t('form.computed')}>
        <p class="meta">{t('form.computed.not')}</p>
      </Ask>
    );
  }
  const standing = standingOf(answer, scale.limits);
  return (
    <Ask of={props} id={id} aside={t('form.computed')} tone={standing.level === 'normal' ? undefined : wordOf(standing).tone}>
      <Shown scale={scale} value={answer} />
      {standing.level !== 'normal' && <FaultDetails {...(props as InputProps)} needsPhoto={false} />}
    </Ask>
  );
}

/** What earlier numbers come to; it changes with them. */
export const computed: Kind<ComputedField> = { kind: 'computed', Input };
