import type { NumberField } from '../../protocol/entities';
import type { Answer } from '../../protocol/records';
import type { InputProps, Kind, PageProps } from '../kind';
import { ReadingField, ReadingPage, type Read, type Scale } from '../reading';

function scaleOf(field: NumberField): Scale {
  return { unit: field.unit ?? '', decimals: field.decimals ?? 0, limits: field.limits ?? {}, counter: false, last: null, jump: null };
}

function readOf(answer: Answer | undefined): Read {
  if (typeof answer === 'string') return { value: answer };
  return answer && 'cannot_read' in answer ? { cannot: answer.cannot_read } : null;
}

function Input(props: InputProps<NumberField>) {
  return <ReadingField of={props as InputProps} scale={scaleOf(props.field)} read={readOf(props.answer)} />;
}

function Page(props: PageProps<NumberField>) {
  const done = (read: Read): void => props.onDone(read === null ? undefined : 'value' in read ? read.value : { cannot_read: read.cannot });
  return <ReadingPage of={props} scale={scaleOf(props.field)} read={readOf(props.answer)} onDone={done} />;
}

/** A number: own pad, unit, limits as a band. */
export const number = { kind: 'number', Input, Page } satisfies Kind<NumberField>;
