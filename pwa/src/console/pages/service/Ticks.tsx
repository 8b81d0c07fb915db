import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import type { ServicePlan } from '../../model/servicePlan';
import { CheckField } from '../../parts/fields';

export type TicksProps = {
  catalogue: readonly ServicePlan[];
  /** The demands that there are to choose from. */
  offered: readonly string[];
  chosen: readonly string[];
  error: string | null;
  onChoose: (chosen: string[]) => void;
};

/** The demands of a template by service plan, each to be ticked, with what it asks for. */
export function Ticks({ catalogue, offered, chosen, error, onChoose }: TicksProps) {
  return (
    <>
      {catalogue
        .map((plan) => ({ plan, demands: plan.demands.filter((one) => offered.includes(one.id)) }))
        .filter(({ demands }) => demands.length > 0)
        .map(({ plan, demands }) => {
          const ids = demands.map((one) => one.id);
          const all = ids.every((id) => chosen.includes(id));
          return (
            <fieldset key={plan.id} class="field">
              <legend>
                {plan.id} {say(plan.name)}
              </legend>
              <span>
                <Button kind="quiet" onPress={() => onChoose(all ? chosen.filter((id) => !ids.includes(id)) : [...new Set([...chosen, ...ids])])}>
                  {tc(all ? 'template.none' : 'template.all')}
                </Button>
              </span>
              <div class="demandticks">
                {demands.map((one) => (
                  <CheckField
                    key={one.id}
                    label={say(one.text)}
                    hint={`${one.id} · ${say(one.figure)}`}
                    checked={chosen.includes(one.id)}
                    onCheck={(checked) => onChoose(checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))}
                  />
                ))}
              </div>
            </fieldset>
          );
        })}
      {error && (
        <small class="field__e" role="alert" data-tone="bad">
          {error}
        </small>
      )}
    </>
  );
}
