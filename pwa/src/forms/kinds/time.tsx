import { useId } from 'preact/hooks';
import type { TimeField } from '../../protocol/entities';
import type { InputProps, Kind } from '../kind';
import { Ask } from '../shared';

const TYPES = { time: 'time', date: 'date', both: 'datetime-local' } as const;

function Input(props: InputProps<TimeField>) {
  const { field, answer, onAnswer } = props;
  const id = useId();
  return (
    <Ask of={props} id={`${id}q`} htmlFor={id}>
      <input
        id={id}
        type={TYPES[field.of ?? 'time']}
        value={typeof answer === 'string' ? answer : ''}
        // some browsers write seconds behind the minutes
        onInput={(event) => onAnswer(event.currentTarget.value.replace(/(:\d\d):00(\.0+)?$/, '$1') || undefined)}
      />
    </Ask>
  );
}

/** A time, a date, or both, by the phone's own picker. */
export const time: Kind<TimeField> = { kind: 'time', Input };
