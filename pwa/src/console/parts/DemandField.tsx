import { useId } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { say } from '../../i18n/label';
import { IconButton } from '../../ui/Button';
import { byId, useCatalogue, type ServicePlan } from '../model/servicePlan';

export type DemandFieldProps = {
  /** What the plan serves above all, or ''. */
  demand: string;
  /** What else it serves. */
  also: readonly string[];
  error: string | null;
  onDemands: (demand: string, also: string[]) => void;
};

/** The demands that a plan serves, chosen from the catalogue: the first one above all. */
export function DemandField({ demand, also, error, onDemands }: DemandFieldProps) {
  const id = useId();
  const catalogue = useCatalogue().value ?? [];
  const chosen = demand === '' ? [] : [demand, ...also];
  const known = byId(catalogue);
  const put = (next: string[]) => onDemands(next[0] ?? '', next.slice(1));
  return (
    <div class="field">
      <label for={id}>
        {tc('plan.demand')} <small>{tc('field.optional')}</small>
      </label>
      {chosen.length > 0 && (
        <ul class="chosen">
          {chosen.map((one, n) => (
            <li key={one}>
              <span>
                <b>{one}</b> {known.has(one) ? say(known.get(one)!.text) : tc('demand.unknown')}
                <small>{[known.has(one) ? say(known.get(one)!.figure) : null, n === 0 && chosen.length > 1 ? tc('demand.first') : null].filter(Boolean).join(' · ')}</small>
              </span>
              <IconButton name="bin" label={tc('list.drop', { name: one })} onPress={() => put(chosen.filter((other) => other !== one))} />
            </li>
          ))}
        </ul>
      )}
      <select id={id} value="" {...(error ? { 'aria-invalid': true, 'aria-describedby': `${id}e` } : {})} onChange={(event) => event.currentTarget.value !== '' && put([...chosen, event.currentTarget.value])}>
        <option value="">{tc(chosen.length === 0 ? 'demand.choose' : 'demand.another')}</option>
        {catalogue.map((plan) => (
          <Group key={plan.id} plan={plan} chosen={chosen} />
        ))}
      </select>
      {error && (
        <small id={`${id}e`} class="field__e" data-tone="bad">
          {error}
        </small>
      )}
    </div>
  );
}

function Group({ plan, chosen }: { plan: ServicePlan; chosen: readonly string[] }) {
  return (
    <optgroup label={`${plan.id} ${say(plan.name)}`}>
      {plan.demands.filter((one) => !chosen.includes(one.id)).map((one) => (
        <option key={one.id} value={one.id}>
          {one.id} {say(one.text)}
        </option>
      ))}
    </optgroup>
  );
}
