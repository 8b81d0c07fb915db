import { useId } from 'preact/hooks';
import { signal } from '@preact/signals';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { person, site } from '../../state/app';
import { isOver, ofTeam, orders, shareOf, toVerify, type OrderView } from '../../state/orders';
import { Button, IconButton } from '../../ui/Button';
import { Answers } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Icon } from '../../ui/Icon';
import { Dock, Screen, Section } from '../../ui/Screen';
import { Badge } from '../Badge';
import { Conditions } from '../Conditions';
import { MainTabs } from '../MainTabs';
import { OrderCard } from '../order/OrderCard';
import { href } from '../route';

type Whose = 'mine' | 'team' | 'all';

/** How many orders are drawn at once; the rest is asked for. */
const AT_ONCE = 40;

/** What a person chose last, as long as the page lives: who comes back from an order finds the list as it was. */
const chosen = signal<{ by: string; whose: Whose } | null>(null);
const shown = signal(AT_ONCE);

/** Work orders: one's own, the team's, all that are open; what is due first comes first. */
export function Orders() {
  const question = useId();
  const open = orders.value.filter((view) => !isOver(view));
  const lists: Record<Whose, OrderView[]> = {
    mine: open.filter((view) => shareOf(view, person.value) === 'mine'),
    team: ofTeam.value,
    all: open,
  };
  const isContractor = Boolean(person.value?.company);
  // who has nothing of their own begins with the team's
  const kept = chosen.value?.by === person.value?.id ? chosen.value?.whose : undefined;
  const whose = kept ?? (lists.mine.length > 0 || lists.team.length === 0 ? 'mine' : 'team');
  const list = lists[whose];
  const over = orders.value.filter((view) => isOver(view) && (whose === 'all' || shareOf(view, person.value) !== 'others' || view.own.length > 0));
  const words: Record<Whose, string> = { mine: t('wo.mine'), team: t(isContractor ? 'wo.company' : 'wo.team'), all: t('wo.all') };
  const picks: Whose[] = isContractor ? ['mine', 'team'] : ['mine', 'team', 'all'];
  return (
    <Screen
      title={t('wo.title')}
      sub={[site.value ? say(site.value.name) : '', person.value?.name].filter(Boolean).join(' · ')}
      side={
        <>
          <IconButton name="search" label={t('card.find')} href={href({ name: 'assets' })} />
          {!isContractor && <IconButton name="plus" label={t('wo.new')} href={href({ name: 'neworder', target: null, finding: null })} />}
        </>
      }
      strip={<Conditions />}
      dock={
        <Dock>
          <Button kind="main" icon="scan" object={t('card.scan.object')} href={href({ name: 'scan', occurrence: null, stop: null })}>
            {t('scan.any')}
          </Button>
          <MainTabs here="orders" />
        </Dock>
      }
    >
      <Badge />
      {toVerify.value.length > 0 && (
        <>
          <Section title={t('wo.toverify')} fact={String(toVerify.value.length)} />
          <ul class="wolist">
            {toVerify.value.map((view) => (
              <OrderCard key={view.id} view={view} whose />
            ))}
          </ul>
        </>
      )}
      <h2 class="vh" id={question}>
        {t('wo.title')}
      </h2>
      <Answers
        labelledBy={question}
        chosen={whose}
        onChoose={(next) => {
          chosen.value = { by: person.value?.id ?? '', whose: next };
          shown.value = AT_ONCE;
        }}
        choices={picks.map((value) => ({ value, word: `${words[value]} ${lists[value].length}` }))}
      />
      {list.length === 0 ? (
        <div class="card">
          <Empty icon="order" title={t(`wo.none.${whose}`)}>
            {t('wo.none.why')}
          </Empty>
        </div>
      ) : (
        <ul class="wolist">
          {list.slice(0, shown.value).map((view) => (
            <OrderCard key={view.id} view={view} whose={whose !== 'mine'} />
          ))}
        </ul>
      )}
      {list.length > shown.value && (
        <Button icon="down" onPress={() => (shown.value += AT_ONCE)}>
          {t('wo.more', { n: list.length - shown.value })}
        </Button>
      )}
      {over.length > 0 && (
        <details class="others">
          <summary>
            <Icon name="st-done" />
            <span class="grow">
              {t('wo.over')} · {over.length}
            </span>
          </summary>
          <ul class="wolist">
            {over.slice(0, AT_ONCE).map((view) => (
              <OrderCard key={view.id} view={view} whose />
            ))}
          </ul>
        </details>
      )}
    </Screen>
  );
}
