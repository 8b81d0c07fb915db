import { useId } from 'preact/hooks';
import { t } from '../../i18n/t';
import type { MeterField } from '../../protocol/entities';
import type { Answer } from '../../protocol/records';
import { Note } from '../../ui/Saved';
import type { InputProps, Kind, MeterSeen, PageProps } from '../kind';
import { ReadingField, ReadingPage, type Read, type Scale } from '../reading';
import { Ask } from '../shared';

function scaleOf(field: MeterField, meter: MeterSeen): Scale {
  return {
    unit: meter.unit ?? field.unit ?? '',
    decimals: meter.decimals ?? field.decimals ?? 0,
    limits: meter.limits ?? {},
    counter: meter.kind === 'counter',
    last: meter.last,
    jump: meter.jump,
  };
}

function readOf(answer: Answer | undefined): Read {
  if (typeof answer !== 'object') return null;
  if ('cannot_read' in answer) return { cannot: answer.cannot_read };
  return 'value' in answer ? { value: answer.value } : null;
}

function Input(props: InputProps<MeterField>) {
  const { field, meter } = props;
  const id = useId();
  if (!meter) {
    return (
      <Ask of={{ ...props, required: true }} id={id}>
        <Note tone="calm" icon="gauge">
          {t('form.meter.none')}
        </Note>
      </Ask>
    );
  }
  return (
    <>
      <ReadingField of={props as InputProps} scale={scaleOf(field, meter)} read={readOf(props.answer)} />
      {field.unit !== undefined && field.unit !== '' && field.unit !== meter.unit && (
        <Note tone="warn" icon="rc-attention">
          {t('form.meter.unit', { form: field.unit, meter: meter.unit ?? '' })}
        </Note>
      )}
    </>
  );
}

function Page(props: PageProps<MeterField>) {
  const { field, meter, answer, onDone } = props;
  if (!meter) return null;
  const done = (read: Read): void => {
    if (read === null) onDone(undefined);
    else onDone('value' in read ? { meter: meter.id, edition: meter.edition, value: read.value } : { cannot_read: read.cannot });
  };
  return <ReadingPage of={props} scale={scaleOf(field, meter)} read={readOf(answer)} onDone={done} />;
}

/** The reading of the asset's meter: unit, decimals and limits are the meter's, with what it showed last. */
export const meter = { kind: 'meter', Input, Page } satisfies Kind<MeterField>;
